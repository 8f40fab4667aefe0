import type { Estimate } from './estimate.js'
import type { Metric } from './probe.js'

export type Tier = 'critical' | 'supporting' | 'advisory'
export type Verdict = 'GO' | 'NO-GO' | 'INCONCLUSIVE'

/** The user's demand on one metric. Exactly one bound is set; the drops need a baseline audit. */
export interface Gate {
  readonly metric: string
  readonly tier: Tier
  readonly min?: number
  readonly max?: number
  readonly max_drop?: number
  readonly max_relative_drop?: number
}

export type GateStatus = 'pass' | 'fail' | 'insufficient'

export interface GateResult {
  readonly metric: string
  readonly title: string
  readonly tier: Tier
  readonly status: GateStatus
  readonly estimate: Estimate
  readonly bound: { readonly kind: 'min' | 'max' | 'max_drop' | 'max_relative_drop'; readonly value: number }
  /** The bound in the metric's own unit (a drop counted from the baseline); absent when that is not known. */
  readonly limit?: number
  /** Why the gate came out so, in words. */
  readonly reason: string
}

type Bound = GateResult['bound']

function boundOf(gate: Gate): Bound {
  for (const kind of ['min', 'max', 'max_drop', 'max_relative_drop'] as const) {
    const value = gate[kind]
    if (value !== undefined) return { kind, value }
  }
  throw new RangeError(`gate on ${gate.metric} sets none of min, max, max_drop, max_relative_drop`)
}

/** The limit in the metric's own unit: drops are measured from the baseline, in the metric's worse direction. */
function limitOf(bound: Bound, metric: Metric, baseline: Metric | undefined): number | string {
  if (bound.kind === 'min' || bound.kind === 'max') return bound.value
  if (baseline === undefined) return 'no baseline audit was given (--baseline)'
  if (baseline.estimate.kind === 'notEstimable')
    return `the baseline has no estimate: ${baseline.estimate.reason}`
  const from = baseline.estimate.value
  const drop = bound.kind === 'max_drop' ? bound.value : bound.value * Math.abs(from)
  return metric.better === 'higher' ? from - drop : from + drop
}

/**
 * Decide one gate on the confidence bound, not on the point: `max` passes only when the interval's upper end
 * is below the limit and fails only when its lower end is above it; in between the evidence is insufficient.
 */
export function decideGate(
  gate: Gate,
  metrics: readonly Metric[],
  baseline: readonly Metric[] = [],
): GateResult {
  const bound = boundOf(gate)
  const metric = metrics.find((m) => m.id === gate.metric)
  const common = { metric: gate.metric, tier: gate.tier, bound, title: metric?.title ?? gate.metric }
  const missing = (reason: string): GateResult => ({
    ...common,
    status: 'insufficient',
    estimate: metric?.estimate ?? { kind: 'notEstimable', reason },
    reason,
  })
  if (metric === undefined) return missing('this audit did not measure it')
  const { estimate } = metric
  if (estimate.kind === 'notEstimable') return missing(estimate.reason)
  const limit = limitOf(
    bound,
    metric,
    baseline.find((m) => m.id === gate.metric),
  )
  if (typeof limit === 'string') return missing(limit)
  const wantsLow = bound.kind === 'max' || (bound.kind !== 'min' && metric.better === 'lower')
  const { low, high } = estimate.interval
  const passes = wantsLow ? high <= limit : low >= limit
  const fails = wantsLow ? low > limit : high < limit
  const status: GateStatus = passes ? 'pass' : fails ? 'fail' : 'insufficient'
  const reason = passes
    ? 'the whole interval is on the right side of the bound'
    : fails
      ? 'the whole interval is on the wrong side of the bound'
      : 'the interval straddles the bound: more text or items would decide it'
  return { ...common, status, estimate, limit, reason }
}

/**
 * Worst critical gate, never an average: any critical failure is NO-GO; missing or undecided critical evidence
 * is INCONCLUSIVE; without a single critical gate nothing was asked, so nothing is granted.
 */
export function verdictOf(results: readonly GateResult[]): Verdict {
  const critical = results.filter((r) => r.tier === 'critical')
  if (critical.some((r) => r.status === 'fail')) return 'NO-GO'
  if (critical.length === 0 || critical.some((r) => r.status === 'insufficient')) return 'INCONCLUSIVE'
  return 'GO'
}
