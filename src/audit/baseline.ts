import { type Baseline, createRandom, type EvidenceByKind, type SurprisalEvidence } from '../core/index.js'
import { type ProbeRun, runProbes } from './run-probes.js'
import type { StoredEvidence } from './store/evidence-folder.js'

/**
 * What changes are measured from, or why nothing can be: loss under another windowing protocol, or on other texts,
 * is another quantity (docs/methods/surprisal.md#windows).
 */
export function baselineOf(
  baseline: StoredEvidence,
  evidence: Partial<EvidenceByKind>,
  { probes, level }: Omit<ProbeRun, 'seed'>,
): Baseline {
  const [now, before] = [evidence.surprisal, baseline.evidence.surprisal]
  if (now !== undefined && before !== undefined) {
    const other = protocolDifferences(now, before)
    if (other.length > 0)
      return { refused: `the baseline was scored under another windowing protocol: ${other.join('; ')}` }
    if (textKey(now) !== textKey(before)) return { refused: 'the baseline was scored on other texts' }
  }
  const random = createRandom(baseline.manifest.seed)
  return {
    metrics: runProbes(baseline.evidence, { probes, seed: baseline.manifest.seed, level }).metrics,
    changes: new Map(
      probes.flatMap((probe) => [
        ...probe.changes(baseline.evidence, evidence, { random: random.derive(probe.id), level }),
      ]),
    ),
  }
}

/** What of the windows differs, with both values. */
function protocolDifferences(now: SurprisalEvidence, before: SurprisalEvidence): string[] {
  const [current, known] = [now, before].map(({ protocol }) => {
    const { window, stride, prefixToken, prefixChoice = 'auto', joinDocuments } = protocol
    const prefix = prefixToken === 'none' ? 'no prefix token' : 'a prefix token'
    return { window, stride, prefixChoice, prefix, joinDocuments }
  })
  return Object.entries(current).flatMap(([name, value]) => {
    const was = known[name as keyof typeof known]
    return value === was ? [] : [`${name} is ${value}, was ${was}`]
  })
}

function textKey({ documents }: SurprisalEvidence): string {
  return JSON.stringify(documents.map((d) => [d.domain, d.document, d.bytes]).sort())
}
