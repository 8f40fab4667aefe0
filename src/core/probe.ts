import { analyseLogs, type LogAnalysis } from './curve/index.js'
import type { Estimate } from './estimate.js'
import type { EvidenceByKind, EvidenceKind, TrainingLogEvidence } from './evidence/index.js'
import type { Section } from './exhibit.js'
import type { Finding } from './finding.js'
import { type Measurement, type Metric, type MetricDeclaration, nameMetrics } from './metric.js'
import type { Random } from './random/index.js'
import type { Reference } from './reference.js'

/** All that a probe concludes from its evidence. */
export interface Judgement {
  readonly findings: readonly Finding[]
  /** Values of metrics that the probe declared, and of no others. */
  readonly metrics: readonly Measurement[]
  readonly sections: readonly Section[]
}

/** A judgement with its metrics under their full names, as audits, gates and reports take it. */
export interface Conclusions extends Omit<Judgement, 'metrics'> {
  readonly metrics: readonly Metric[]
}

/** Judging is pure: this is everything it gets beside the evidence. */
export interface JudgeContext {
  /** Seeded from the audit's seed and the probe's id: adding a probe changes no other probe's numbers. */
  readonly random: Random
  /** Confidence level of every interval. */
  readonly level: number
}

/** What a probe judges with. */
export interface ProbeContext extends JudgeContext {
  /** The analysis of training logs, made once for all probes that ask for it. */
  readonly analyseLogs: (log: TrainingLogEvidence) => LogAnalysis
  /** Others on held-out passages, to compare with; none unless the caller brings them. */
  readonly references: readonly Reference[]
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
  /** Every number of it that a gate may refer to; ids begin with the probe's own. */
  readonly metrics: readonly MetricDeclaration[]
  judge(
    evidence: Pick<EvidenceByKind, Needs> & Partial<Pick<EvidenceByKind, Wants>>,
    context: ProbeContext,
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
  /** Logs are analysed anew where the caller passes no analysis that it made before. */
  judge(evidence: Partial<EvidenceByKind>, context: JudgeContext & Partial<ProbeContext>): Conclusions
  /** Nothing where the probe pairs nothing, or where either audit lacks its evidence. */
  changes(
    before: Partial<EvidenceByKind>,
    after: Partial<EvidenceByKind>,
    context: JudgeContext,
  ): ReadonlyMap<string, Estimate>
}

/**
 * A judgement as its probe declared it: metrics get their names, sections their probe. What was measured without
 * having been declared is a fault of the probe: an error finding, and no number that a gate could be held against.
 */
export function conclude(
  probe: Pick<Probe, 'id' | 'title' | 'metrics' | 'sources'>,
  { findings, metrics: measured, sections }: Judgement,
): Conclusions {
  const { metrics, faults } = nameMetrics(probe.metrics, measured)
  const errors = faults.map(
    (fault): Finding => ({
      probe: probe.id,
      code: `${probe.id}/undeclared`,
      status: 'error',
      title: `${probe.title}: ${fault}`,
      action: 'A fault of the probe: declare each metric once in its `metrics`; its other findings stand.',
      sources: [...probe.sources],
    }),
  )
  return {
    findings: [...findings, ...errors],
    metrics,
    sections: sections.map((section) => ({ probe: probe.id, ...section })),
  }
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
        { analyseLogs, references: [], ...context },
      )
      return conclude(probe, judgement)
    },
    changes(before, after, context) {
      const has = (evidence: Partial<EvidenceByKind>): evidence is Pick<EvidenceByKind, Needs> =>
        probe.needs.every((kind) => evidence[kind] !== undefined)
      return has(before) && has(after) ? (probe.changes?.(before, after, context) ?? new Map()) : new Map()
    },
  }
}
