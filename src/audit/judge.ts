import {
  type AnyProbe,
  type Conclusions,
  DEFAULT_LEVEL,
  decideGate,
  type Finding,
  type Gate,
  type GateResult,
  type Reference,
  type Result,
  type Verdict,
  verdictOf,
} from '../core/index.js'
import { PROBES } from '../probes/index.js'
import { baselineOf } from './baseline.js'
import { DEFAULT_GATES, TRAINING_LOG_GATE } from './config/gates.js'
import { declaredBy, gateFinding } from './gate-finding.js'
import { runProbes } from './run-probes.js'
import type { StoredEvidence } from './store/evidence-folder.js'

/** How evidence is judged; every field may be left out. */
export interface JudgeOptions {
  /** Evidence of another audit: what max_drop gates are measured from. */
  readonly baseline?: StoredEvidence
  /** Seed of the intervals' resampling, the evidence's own unless said otherwise: no estimate moves, intervals a little. */
  readonly seed?: number
  /** Confidence level of every interval, .95 unless said otherwise. */
  readonly level?: number
  /** Others on the same passages, `readReferences()` for those that ship; none when left out. */
  readonly references?: readonly Reference[]
  /** All probes that judge, `PROBES` unless said otherwise. */
  readonly probes?: readonly AnyProbe[]
  /** By id, what probes concluded from this evidence ahead, under the same seed and level. */
  readonly concluded?: ReadonlyMap<string, Conclusions>
}

const WEIGHT = { fail: 0, error: 1, insufficient: 2, warn: 3, pass: 4 } as const

function summarise(verdict: Result['verdict'], gates: readonly GateResult[]): string {
  const critical = gates.filter((g) => g.tier === 'critical')
  const failed = critical.filter((g) => g.status === 'fail')
  const open = critical.filter((g) => g.status === 'insufficient')
  if (verdict === 'GO')
    return critical.length === 1
      ? 'The one critical gate is passed, by its confidence bound.'
      : `All ${critical.length} critical gates are passed, by their confidence bounds.`
  if (verdict === 'NO-GO')
    return `${failed.length} of ${critical.length} critical gates failed: ${failed.map((g) => g.title.toLowerCase()).join('; ')}.`
  if (critical.length === 0) return 'No critical gate was set, so nothing can be granted.'
  return `${open.length} of ${critical.length} critical gates cannot be decided: ${open.map((g) => g.title.toLowerCase()).join('; ')}.`
}

/**
 * Evidence to verdict: pure, off-line, seeded by the evidence's own seed or another, so any verdict can be made again.
 *
 * A probe of your own stands beside the others, and its metrics can be gated like theirs:
 *
 *     const mine = defineProbe({ id: 'line-length', needs: ['surprisal'], metrics: [{ id: 'line-length.mean', … }], … })
 *     const probes = [...PROBES, mine]
 *     judge(stored, [{ metric: 'line-length.mean', tier: 'critical', max: 120 }], { probes })
 *
 * It sees recorded evidence and a random of its own alone, so it changes no other probe's numbers.
 */
export function judge(
  stored: StoredEvidence,
  gates: readonly Gate[],
  { baseline, seed, level = DEFAULT_LEVEL, probes = PROBES, references = [], concluded }: JudgeOptions = {},
): Result {
  const { manifest, evidence } = stored
  const used = seed ?? manifest.seed
  const run = { probes, seed: used, level, references }
  const judged = runProbes(evidence, { ...run, ...(concluded === undefined ? {} : { concluded }) })
  const before = baseline === undefined ? undefined : baselineOf(baseline, evidence, run)
  const results = gates.map((gate) => decideGate(gate, judged.metrics, before))
  const verdict = withoutErrors(verdictOf(results), judged.findings)
  const findings = [
    ...results.flatMap((gate) => gateFinding(gate, judged.metrics, declaredBy(probes))),
    ...judged.findings,
  ].sort((a, b) => WEIGHT[a.status] - WEIGHT[b.status])
  const { model, surprisal } = evidence
  return {
    schema: 'assay/audit@1',
    title: model === undefined ? 'Audit' : `Audit of ${model.name}`,
    summary: summarise(verdict, results),
    seed: used,
    inputs: manifest.inputs,
    ...(model === undefined ? {} : { model }),
    verdict,
    gates: results,
    findings,
    metrics: judged.metrics,
    sections: judged.sections,
    provenance: [
      { label: 'Assay', value: manifest.assay },
      {
        label: 'seed',
        value:
          used === manifest.seed ? String(used) : `${used}; the evidence was drawn with ${manifest.seed}`,
      },
      { label: 'confidence level', value: String(level) },
      {
        label: 'gates',
        value: gates.every(isDefault) ? 'Assay’s defaults (docs/gates.md)' : 'set by the user',
      },
      ...(surprisal === undefined ? [] : [{ label: 'engine', value: surprisal.protocol.engine }]),
      ...manifest.inputs.map((input) => ({ label: input.path, value: `sha256 ${input.sha256}` })),
      ...Object.entries(manifest.kinds).map(([kind, { schema, files }]) => ({
        label: `evidence ${kind}@${schema}`,
        value: files.map((f) => `${f.path} ${f.sha256.slice(0, 16)}`).join(', '),
      })),
    ],
    notMeasured: [...judged.missing, ...manifest.notMeasured],
  }
}

/** Whether nobody set this gate: a reader should know whose demand decided. */
function isDefault(gate: Gate): boolean {
  return [...DEFAULT_GATES, TRAINING_LOG_GATE].some(
    (d) => d.metric === gate.metric && d.tier === gate.tier && d.min === gate.min && d.max === gate.max,
  )
}

/** A probe that failed is no pass: what it would have said is unknown, so GO is not granted. */
function withoutErrors(verdict: Verdict, findings: readonly Finding[]): Verdict {
  return verdict === 'GO' && findings.some((f) => f.status === 'error') ? 'INCONCLUSIVE' : verdict
}

/** Gates, baseline and references that were in force when the evidence was gathered. */
export function gatesOf(stored: StoredEvidence): StoredEvidence['manifest']['judging'] {
  return stored.manifest.judging
}
