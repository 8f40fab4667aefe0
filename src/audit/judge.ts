import {
  AssayError,
  type Baseline,
  createRandom,
  DEFAULT_LEVEL,
  decideGate,
  type EvidenceByKind,
  type Finding,
  type Gate,
  type GateResult,
  type Judgement,
  type Metric,
  type Result,
  type SurprisalEvidence,
  type Verdict,
  verdictOf,
} from '../core/index.js'
import { PROBES } from '../probes/index.js'
import { GATE_ACTIONS } from './config/gates.js'
import type { StoredEvidence } from './store/evidence-folder.js'

type Evidence = Partial<EvidenceByKind>

interface Judged extends Judgement {
  readonly missing: Result['notMeasured']
}

/**
 * Run every probe whose evidence is there. A probe that throws becomes an error finding and the others go on;
 * one whose evidence was not gathered is listed as not measured.
 */
function runProbes(evidence: Evidence, seed: number, level: number): Judged {
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

/** A gate that is not passed, as a finding with its action. */
function gateFinding(gate: GateResult): Finding[] {
  if (gate.status === 'pass') return []
  const probe = gate.metric.split('.')[0]
  const fails = gate.status === 'fail'
  const decides = gate.tier === 'critical'
  return [
    {
      probe,
      code: `gate/${gate.metric}`,
      status: fails ? (decides ? 'fail' : 'warn') : 'insufficient',
      title: fails
        ? `${gate.title} misses its ${gate.tier} gate (${gate.bound.kind} ${gate.bound.value})`
        : `${gate.title} cannot be held against its ${gate.tier} gate: ${gate.reason}`,
      estimate: gate.estimate,
      threshold: {
        kind: gate.bound.kind,
        value: gate.bound.value,
        unit: gate.estimate.kind === 'estimate' ? gate.estimate.unit : '',
      },
      action: fails
        ? (GATE_ACTIONS[probe] ?? 'Mend what the metric measures, then audit again.')
        : gate.bound.kind.startsWith('max_')
          ? 'Audit both models on the same texts, limit and window, and name the baseline (--baseline).'
          : 'Gather more evidence for this metric, then judge again.',
      sources: [`gate on ${gate.metric}`],
    },
  ]
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
 * Evidence to verdict: pure, off-line, seeded by the evidence's own seed, so any verdict can be made again.
 *
 * @param baseline evidence of another audit, for max_drop gates
 */
export function judge(
  stored: StoredEvidence,
  gates: readonly Gate[],
  baseline?: StoredEvidence,
  level: number = DEFAULT_LEVEL,
): Result {
  const { manifest, evidence } = stored
  const judged = runProbes(evidence, manifest.seed, level)
  const before = baseline === undefined ? undefined : comparableMetrics(evidence, baseline, level)
  const results = gates.map((gate) => decideGate(gate, judged.metrics, before))
  const verdict = withoutErrors(verdictOf(results), judged.findings)
  const findings = [...results.flatMap(gateFinding), ...judged.findings].sort(
    (a, b) => WEIGHT[a.status] - WEIGHT[b.status],
  )
  const { model, surprisal } = evidence
  return {
    schema: 'assay/audit@1',
    title: model === undefined ? 'Audit' : `Audit of ${model.name}`,
    summary: summarise(verdict, results),
    seed: manifest.seed,
    inputs: manifest.inputs,
    ...(model === undefined ? {} : { model }),
    verdict,
    gates: results,
    findings,
    metrics: judged.metrics,
    sections: judged.sections,
    provenance: [
      { label: 'Assay', value: manifest.assay },
      { label: 'seed', value: String(manifest.seed) },
      { label: 'confidence level', value: String(level) },
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

/** A probe that failed is no pass: what it would have said is unknown, so GO is not granted. */
function withoutErrors(verdict: Verdict, findings: readonly Finding[]): Verdict {
  return verdict === 'GO' && findings.some((f) => f.status === 'error') ? 'INCONCLUSIVE' : verdict
}

/**
 * Metrics of the baseline, or why they cannot be compared: loss under another windowing protocol, or on other
 * texts, is another quantity (METHODS §1).
 */
function comparableMetrics(evidence: Evidence, baseline: StoredEvidence, level: number): Baseline {
  const [now, before] = [evidence.surprisal, baseline.evidence.surprisal]
  if (now !== undefined && before !== undefined) {
    if (protocolKey(now) !== protocolKey(before))
      return { refused: 'the baseline was scored under another windowing protocol' }
    if (textKey(now) !== textKey(before)) return { refused: 'the baseline was scored on other texts' }
  }
  const random = createRandom(baseline.manifest.seed)
  return {
    metrics: runProbes(baseline.evidence, baseline.manifest.seed, level).metrics,
    changes: new Map(
      PROBES.flatMap((probe) => [
        ...probe.changes(baseline.evidence, evidence, { random: random.derive(probe.id), level }),
      ]),
    ),
  }
}

function protocolKey({ protocol }: SurprisalEvidence): string {
  const { window, stride, prefixToken, joinDocuments } = protocol
  return JSON.stringify([window, stride, prefixToken === 'none', joinDocuments])
}

function textKey({ documents }: SurprisalEvidence): string {
  return JSON.stringify(documents.map((d) => [d.domain, d.document, d.bytes]).sort())
}

/** Gates and baseline that were in force when the evidence was gathered. */
export function gatesOf(stored: StoredEvidence): { gates: readonly Gate[]; baseline?: string } {
  return stored.manifest.judging
}
