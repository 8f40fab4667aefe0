import {
  type AnyProbe,
  declarationFor,
  type Finding,
  type GateResult,
  type Metric,
  type MetricDeclaration,
} from '../core/index.js'

/** What every probe of an audit can give. */
export function declaredBy(probes: readonly AnyProbe[]): MetricDeclaration[] {
  return probes.flatMap((probe) => probe.metrics)
}

const WORDS = {
  min: 'at least',
  max: 'at most',
  max_drop: 'a drop of at most',
  max_relative_drop: 'a relative drop of at most',
} as const

const isDrop = ({ bound }: GateResult): boolean =>
  bound.kind === 'max_drop' || bound.kind === 'max_relative_drop'

function titleOf(gate: GateResult, metrics: readonly Metric[]): string {
  const bound = `${gate.tier} gate`
  if (gate.status !== 'fail') return `${gate.title} cannot be held against its ${bound}: ${gate.reason}`
  const limit = `(${WORDS[gate.bound.kind]} ${gate.bound.value})`
  if (!isDrop(gate)) return `${gate.title} misses its ${bound} ${limit}`
  const metric = metrics.find((m) => m.id === gate.metric)?.title ?? gate.title
  return `${metric}: a regression against the baseline, beyond what its ${bound} allows ${limit}`
}

function actionOf(gate: GateResult, declared: readonly MetricDeclaration[]): string {
  if (gate.status === 'fail') {
    const found = declarationFor(declared, gate.metric)
    // Only a declared metric has a value that can fail.
    if (found === undefined) throw new Error(`${gate.metric} failed its gate without having been declared`)
    return isDrop(gate) ? found.declaration.onRegress : found.declaration.onFail
  }
  return isDrop(gate)
    ? 'Audit both models on the same texts, limit and window, and name the baseline (--baseline).'
    : 'Gather more evidence for this metric, then judge again.'
}

/** A gate that is not passed, as a finding with the action that its metric declares; nothing for one that is. */
export function gateFinding(
  gate: GateResult,
  metrics: readonly Metric[],
  declared: readonly MetricDeclaration[],
): Finding[] {
  if (gate.status === 'pass') return []
  return [
    {
      probe: gate.metric.split('.')[0],
      code: `gate/${gate.metric}`,
      status: gate.status === 'fail' ? (gate.tier === 'critical' ? 'fail' : 'warn') : 'insufficient',
      title: titleOf(gate, metrics),
      estimate: gate.estimate,
      threshold: {
        kind: gate.bound.kind,
        value: gate.bound.value,
        unit: gate.estimate.kind === 'estimate' ? gate.estimate.unit : '',
      },
      action: [
        actionOf(gate, declared),
        ...(gate.why === undefined ? [] : [`Why ${gate.bound.value}: ${gate.why}.`]),
      ].join(' '),
      sources: [
        isDrop(gate) ? 'docs/methods/gates.md#drops' : 'docs/methods/gates.md#decision-by-interval',
        `gate on ${gate.metric}`,
      ],
    },
  ]
}
