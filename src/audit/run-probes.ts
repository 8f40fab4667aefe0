import {
  type AnyProbe,
  AssayError,
  analyseLogs,
  type Conclusions,
  createRandom,
  type EvidenceByKind,
  type EvidenceKind,
  type Finding,
  type LogAnalysis,
  type Metric,
  messageOf,
  type ProbeContext,
  type Reference,
  type Result,
  type TrainingLogEvidence,
} from '../core/index.js'
import { othersThan } from './references.js'

/** Which probes judge, and what they are given beside the evidence. */
export interface ProbeRun {
  readonly probes: readonly AnyProbe[]
  readonly seed: number
  readonly level: number
  /** Others on the same passages; none when left out. */
  readonly references?: readonly Reference[]
  /** By id, what probes concluded already, from the same evidence, seed and level. */
  readonly concluded?: ReadonlyMap<string, Conclusions>
}

/** What all probes conclude together, and what could not be asked. */
interface Judged extends Conclusions {
  readonly missing: Result['notMeasured']
}

/**
 * Run every probe whose evidence is there. A probe that throws becomes an error finding and the others go on;
 * one whose evidence was not gathered is listed as not measured.
 *
 * @throws {RangeError} two probes of one id
 */
export function runProbes(
  evidence: Partial<EvidenceByKind>,
  { probes, seed, level, references = [], concluded = new Map() }: ProbeRun,
): Judged {
  refuseNamesakes(probes)
  const findings: Finding[] = []
  const metrics: Metric[] = []
  const sections: Conclusions['sections'][number][] = []
  const missing: Result['notMeasured'][number][] = []
  const context = {
    seed,
    level,
    analyseLogs: sharedAnalysis(),
    references: othersThan(references, evidence),
  }
  for (const probe of probes) {
    const absent = probe.needs.filter((kind) => evidence[kind] === undefined)
    if (absent.length > 0) {
      missing.push({ what: probe.title, why: whyNot(absent) })
      continue
    }
    const conclusions = concluded.get(probe.id) ?? runProbe(probe, evidence, context)
    findings.push(...conclusions.findings)
    metrics.push(...conclusions.metrics)
    sections.push(...conclusions.sections)
  }
  return { findings, metrics, sections: sections.sort((a, b) => a.order - b.order), missing }
}

/** Why evidence is absent, where a user can name what it is made of. */
function whyNot(absent: readonly EvidenceKind[]): string {
  const entry = {
    contamination:
      'what stands in its training corpus was not looked up (contamination: takes a table of assay corpus contamination)',
    corpus: 'no training corpus was named (corpus: takes a profile of it, of assay corpus profile)',
  }
  const kind = absent.find((k) => k === 'contamination' || k === 'corpus')
  return kind === undefined ? `no ${absent.join(', ')} evidence was gathered` : entry[kind]
}

/** One probe whose evidence is there, on a random of its own; one that throws concludes in an error finding. */
export function runProbe(
  probe: AnyProbe,
  evidence: Partial<EvidenceByKind>,
  { seed, ...context }: { readonly seed: number; readonly level: number } & Partial<ProbeContext>,
): Conclusions {
  try {
    return probe.judge(evidence, { ...context, random: createRandom(seed).derive(probe.id) })
  } catch (error) {
    const finding: Finding = {
      probe: probe.id,
      code: `${probe.id}/error`,
      status: 'error',
      title: `${probe.title}: the probe failed (${messageOf(error)})`,
      action:
        error instanceof AssayError
          ? error.fix
          : 'Report this with the evidence folder; its other findings stand.',
      sources: [...probe.sources],
    }
    return { findings: [finding], metrics: [], sections: [] }
  }
}

/** The analysis of training logs, made once however many probes ask for it. */
export function sharedAnalysis(): ProbeContext['analyseLogs'] {
  const made = new Map<TrainingLogEvidence, LogAnalysis>()
  return (log) => {
    const held = made.get(log) ?? analyseLogs(log)
    made.set(log, held)
    return held
  }
}

/** Metrics begin with their probe's id and are seeded by it: two of one id would be told apart by nobody. */
function refuseNamesakes(probes: readonly AnyProbe[]): void {
  const seen = new Set<string>()
  for (const { id } of probes) {
    if (seen.has(id)) throw new RangeError(`two probes are called ${id}`)
    seen.add(id)
  }
}
