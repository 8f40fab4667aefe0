import {
  type AnyProbe,
  AssayError,
  analyseLogs as analyse,
  type Conclusions,
  createRandom,
  type EvidenceByKind,
  type Finding,
  type Metric,
  type Reference,
  type Result,
} from '../core/index.js'
import { othersThan } from './references.js'

/** Which probes judge, and what they are given beside the evidence. */
export interface ProbeRun {
  readonly probes: readonly AnyProbe[]
  readonly seed: number
  readonly level: number
  /** Others on the same passages; none when left out. */
  readonly references?: readonly Reference[]
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
  { probes, seed, level, references = [] }: ProbeRun,
): Judged {
  refuseNamesakes(probes)
  const random = createRandom(seed)
  const findings: Finding[] = []
  const metrics: Metric[] = []
  const sections: Conclusions['sections'][number][] = []
  const missing: Result['notMeasured'][number][] = []
  const analyseLogs = onceEach(analyse)
  const others = othersThan(references, evidence.model?.sha256)
  for (const probe of probes) {
    const absent = probe.needs.filter((kind) => evidence[kind] === undefined)
    if (absent.length > 0) {
      missing.push({ what: probe.title, why: `no ${absent.join(', ')} evidence was gathered` })
      continue
    }
    try {
      const judged = probe.judge(evidence, {
        random: random.derive(probe.id),
        level,
        analyseLogs,
        references: others,
      })
      findings.push(...judged.findings)
      metrics.push(...judged.metrics)
      sections.push(...judged.sections)
    } catch (error) {
      findings.push({
        probe: probe.id,
        code: `${probe.id}/error`,
        status: 'error',
        title: `${probe.title}: the probe failed (${error instanceof Error ? error.message : String(error)})`,
        action:
          error instanceof AssayError
            ? error.fix
            : 'Report this with the evidence folder; its other findings stand.',
        sources: [...probe.sources],
      })
    }
  }
  return { findings, metrics, sections: sections.sort((a, b) => a.order - b.order), missing }
}

/** A function that is asked once for each input, however many probes ask. */
function onceEach<Input, Output>(make: (input: Input) => Output): (input: Input) => Output {
  const made = new Map<Input, Output>()
  return (input) => {
    const held = made.get(input) ?? make(input)
    made.set(input, held)
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
