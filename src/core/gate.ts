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
  /** On which side of the limit values fail; absent with it. */
  readonly failsOn?: 'above' | 'below'
  /** Why the gate came out so, in words. */
  readonly reason: string
}

/** What drops are measured from: another audit's metrics, or why they cannot be compared with this audit's. */
export type Baseline = readonly Metric[] | { readonly refused: string }

type Bound = GateResult['bound']

function boundOf(gate: Gate): Bound {
  for (const kind of ['min', 'max', 'max_drop', 'max_relative_drop'] as const) {
    const value = gate[kind]
    if (value !== undefined) return { kind, value }
  }
  throw new RangeError(`gate on ${gate.metric} sets none of min, max, max_drop, max_relative_drop`)
}

interface Limit {
  /** In the metric's own unit: drops are measured from the baseline, in the metric's worse direction. */
  readonly value: number
  /** How far the baseline may lie below and above its point: its uncertainty is part of the drop's. */
  readonly below: number
  readonly above: number
}

function limitOf(bound: Bound, metric: Metric, baseline: Baseline | undefined): Limit | string {
  if (bound.kind === 'min' || bound.kind === 'max') return { value: bound.value, below: 0, above: 0 }
  if (baseline === undefined) return 'no baseline audit was given (--baseline)'
  if ('refused' in baseline) return baseline.refused
  const before = baseline.find((m) => m.id === metric.id)?.estimate
  if (before === undefined) return 'the baseline did not measure it'
  if (before.kind === 'notEstimable') return `the baseline has no estimate: ${before.reason}`
  const { value: from, interval } = before
  const drop = bound.kind === 'max_drop' ? bound.value : bound.value * Math.abs(from)
  return {
    value: metric.better === 'higher' ? from - drop : from + drop,
    below: from - interval.low,
    above: interval.high - from,
  }
}

/**
 * Decide one gate on the confidence bound, not on the point: `max` passes only when the interval's upper end
 * is below the limit and fails only when its lower end is above it; in between the evidence is insufficient.
 * For drops the widths of both audits add in quadrature, as if independent: on the same texts they are not, so
 * the decision is on the careful side.
 */
export function decideGate(gate: Gate, metrics: readonly Metric[], baseline?: Baseline): GateResult {
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
  const limit = limitOf(bound, metric, baseline)
  if (typeof limit === 'string') return missing(limit)
  const wantsLow = bound.kind === 'max' || (bound.kind !== 'min' && metric.better === 'lower')
  const low = estimate.value - Math.hypot(estimate.value - estimate.interval.low, limit.above)
  const high = estimate.value + Math.hypot(estimate.interval.high - estimate.value, limit.below)
  const passes = wantsLow ? high <= limit.value : low >= limit.value
  const fails = wantsLow ? low > limit.value : high < limit.value
  const status: GateStatus = passes ? 'pass' : fails ? 'fail' : 'insufficient'
  const reason = passes
    ? 'the whole interval is on the right side of the bound'
    : fails
      ? 'the whole interval is on the wrong side of the bound'
      : 'the interval straddles the bound: more text or items would decide it'
  return { ...common, status, estimate, limit: limit.value, failsOn: wantsLow ? 'above' : 'below', reason }
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
