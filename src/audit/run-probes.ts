import {
  AssayError,
  createRandom,
  type EvidenceByKind,
  type Finding,
  type Judgement,
  type Metric,
  type Result,
} from '../core/index.js'
import { PROBES } from '../probes/index.js'

/** What all probes conclude together, and what could not be asked. */
interface Judged extends Judgement {
  readonly missing: Result['notMeasured']
}

/**
 * Run every probe whose evidence is there. A probe that throws becomes an error finding and the others go on;
 * one whose evidence was not gathered is listed as not measured.
 */
export function runProbes(evidence: Partial<EvidenceByKind>, seed: number, level: number): Judged {
  const random = createRandom(seed)
  const findings: Finding[] = []
  const metrics: Metric[] = []
  const sections: Judgement['sections'][number][] = []
  const missing: Result['notMeasured'][number][] = []
  for (const probe of PROBES) {
    const absent = probe.needs.filter((kind) => evidence[kind] === undefined)
    if (absent.length > 0) {
      missing.push({ what: probe.title, why: `no ${absent.join(', ')} evidence was gathered` })
      continue
    }
    try {
      const judged = probe.judge(evidence, { random: random.derive(probe.id), level })
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
  refuseDuplicates(metrics)
  return { findings, metrics, sections: sections.sort((a, b) => a.order - b.order), missing }
}

/** Two metrics of one name would leave it to chance which one a gate is held against. */
function refuseDuplicates(metrics: readonly Metric[]): void {
  const seen = new Set<string>()
  for (const { id } of metrics) {
    if (seen.has(id)) throw new Error(`two metrics are called ${id}`)
    seen.add(id)
  }
}
