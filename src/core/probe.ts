import type { Estimate } from './estimate.js'
import type { EvidenceByKind, EvidenceKind } from './evidence/index.js'
import type { Section } from './exhibit.js'
import type { Finding } from './finding.js'
import type { Random } from './random.js'

/** A named number that gates can refer to. `id` is permanent: `<probe>.<quantity>[.<part>]`. */
export interface Metric {
  readonly id: string
  readonly title: string
  readonly estimate: Estimate
  readonly better: 'lower' | 'higher'
}

/** All that a probe concludes from its evidence. */
export interface Judgement {
  readonly findings: readonly Finding[]
  readonly metrics: readonly Metric[]
  readonly sections: readonly Section[]
}

/** Judging is pure: this is everything it gets beside the evidence. */
export interface JudgeContext {
  /** Seeded from the audit's seed and the probe's id: adding a probe changes no other probe's numbers. */
  readonly random: Random
  /** Confidence level of every interval. */
  readonly level: number
}

/** `judge` receives exactly the kinds in `needs`; those in `wants` may be absent. */
export interface Probe<Needs extends EvidenceKind = EvidenceKind, Wants extends EvidenceKind = EvidenceKind> {
  /** A noun, the folder's name, permanent. */
  readonly id: string
  readonly title: string
  readonly failureTitle: string
  readonly needs: readonly Needs[]
  readonly wants?: readonly Wants[]
  readonly sources: readonly string[]
  judge(
    evidence: Pick<EvidenceByKind, Needs> & Partial<Pick<EvidenceByKind, Wants>>,
    context: JudgeContext,
  ): Judgement
  /**
   * By metric id, after − before of two audits of the same texts, where pairing them (document by document) tells
   * more than two intervals do.
   */
  changes?(
    before: Pick<EvidenceByKind, Needs>,
    after: Pick<EvidenceByKind, Needs>,
    context: JudgeContext,
  ): ReadonlyMap<string, Estimate>
}

/** A probe whose evidence types were checked where it was defined, ready to stand in a list with others. */
export type AnyProbe = Omit<Probe, 'judge' | 'changes'> & {
  judge(evidence: Partial<EvidenceByKind>, context: JudgeContext): Judgement
  /** Nothing where the probe pairs nothing, or where either audit lacks its evidence. */
  changes(
    before: Partial<EvidenceByKind>,
    after: Partial<EvidenceByKind>,
    context: JudgeContext,
  ): ReadonlyMap<string, Estimate>
}

/**
 * Declare a probe: one question about a model or run, answered from recorded evidence alone.
 * The planner hands `judge` the kinds that it needs, and never calls it when one is missing.
 */
export function defineProbe<Needs extends EvidenceKind, Wants extends EvidenceKind = never>(
  probe: Probe<Needs, Wants>,
): AnyProbe {
  return {
    ...probe,
    judge(evidence, context) {
      for (const kind of probe.needs)
        if (evidence[kind] === undefined) throw new Error(`probe ${probe.id} was called without ${kind}`)
      const judgement = probe.judge(
        evidence as Pick<EvidenceByKind, Needs> & Partial<Pick<EvidenceByKind, Wants>>,
        context,
      )
      return {
        ...judgement,
        sections: judgement.sections.map((section) => ({ probe: probe.id, ...section })),
      }
    },
    changes(before, after, context) {
      const has = (evidence: Partial<EvidenceByKind>): evidence is Pick<EvidenceByKind, Needs> =>
        probe.needs.every((kind) => evidence[kind] !== undefined)
      return has(before) && has(after) ? (probe.changes?.(before, after, context) ?? new Map()) : new Map()
    },
  }
}
