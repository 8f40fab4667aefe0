import { type Estimate, estimate, notEstimable } from './estimate.js'
import type { Metric } from './metric.js'
import { listed } from './text/counted.js'

/** Only critical gates decide the verdict; the others are reported. */
export type Tier = 'critical' | 'supporting' | 'advisory'
/** The worst critical gate: GO only where every one is passed. */
export type Verdict = 'GO' | 'NO-GO' | 'INCONCLUSIVE'

/** The user's demand on one metric. Exactly one bound is set; the drops need a baseline audit. */
export interface Gate {
  readonly metric: string
  readonly tier: Tier
  readonly min?: number
  readonly max?: number
  readonly max_drop?: number
  readonly max_relative_drop?: number
  /** Why this bound, shown beside it. */
  readonly why?: string
}

/** `insufficient`: the interval holds the bound, or the metric is not known. */
export type GateStatus = 'pass' | 'fail' | 'insufficient'

/** A gate as decided: on the confidence bound of its metric, not on the point. */
export interface GateResult {
  readonly metric: string
  readonly title: string
  readonly tier: Tier
  readonly status: GateStatus
  /** What was held against the bound: the metric, or for a drop its change from the baseline. */
  readonly estimate: Estimate
  readonly bound: { readonly kind: 'min' | 'max' | 'max_drop' | 'max_relative_drop'; readonly value: number }
  /** The bound in the metric's own unit (for a drop: the change that is allowed); absent when that is not known. */
  readonly limit?: number
  /** On which side of the limit values fail; absent with it. */
  readonly failsOn?: 'above' | 'below'
  /** Why the gate came out so, in words. */
  readonly reason: string
  /** Why this bound, as the gate says. */
  readonly why?: string
}

/**
 * What drops are measured from: another audit's metrics, and by metric id the changes since then that a probe could
 * measure in pairs (the same documents under both models); or why the two cannot be compared.
 */
export type Baseline =
  | { readonly metrics: readonly Metric[]; readonly changes?: ReadonlyMap<string, Estimate> }
  | { readonly refused: string }

type Bound = GateResult['bound']

function boundOf(gate: Gate): Bound {
  for (const kind of ['min', 'max', 'max_drop', 'max_relative_drop'] as const) {
    const value = gate[kind]
    if (value !== undefined) return { kind, value }
  }
  throw new RangeError(`gate on ${gate.metric} sets none of min, max, max_drop, max_relative_drop`)
}

/** What is held against which limit: the metric itself, or its change from the baseline. */
interface Held {
  readonly title: string
  readonly estimate: Estimate
  readonly limit: number
  readonly failsOn: 'above' | 'below'
}

/** after − before of two audits as if independent, their widths added in quadrature: too careful on the same texts. */
export function changeBetween(
  before: Estimate & { kind: 'estimate' },
  after: Estimate & { kind: 'estimate' },
): Estimate {
  const value = after.value - before.value
  const { low, high, level } = after.interval
  return estimate(
    value,
    {
      low: value - Math.hypot(after.value - low, before.interval.high - before.value),
      high: value + Math.hypot(high - after.value, before.value - before.interval.low),
      level,
    },
    after.unit,
    Math.min(before.n, after.n),
  )
}

function heldAgainst(bound: Bound, metric: Metric, baseline: Baseline | undefined): Held | string {
  const { estimate: now, title, better } = metric
  if (now.kind === 'notEstimable') return now.reason
  if (bound.kind === 'min') return { title, estimate: now, limit: bound.value, failsOn: 'below' }
  if (bound.kind === 'max') return { title, estimate: now, limit: bound.value, failsOn: 'above' }
  if (baseline === undefined) return 'no baseline audit was given (--baseline)'
  if ('refused' in baseline) return baseline.refused
  const before = baseline.metrics.find((m) => m.id === metric.id)?.estimate
  if (before === undefined) return 'the baseline did not measure it'
  if (before.kind === 'notEstimable') return `the baseline has no estimate: ${before.reason}`
  const allowed = bound.kind === 'max_drop' ? bound.value : bound.value * Math.abs(before.value)
  return {
    title: `${title}, change from the baseline`,
    estimate: baseline.changes?.get(metric.id) ?? changeBetween(before, now),
    ...(better === 'lower' ? { limit: allowed, failsOn: 'above' } : { limit: -allowed, failsOn: 'below' }),
  }
}

const NAMED = 8

/** A name that this audit does not have is most often a misspelt one: say what stands beside it. */
function notMeasured(id: string, metrics: readonly Metric[]): string {
  const family = id.split('.').slice(0, 2).join('.')
  const beside = metrics.map((m) => m.id).filter((other) => other.startsWith(`${family}.`))
  return `this audit did not measure it${beside.length === 0 ? '' : `; it has ${listed(beside, NAMED)}`}`
}

/**
 * Decide one gate on the confidence bound, not on the point: `max` passes only when the interval's upper end
 * is below the limit and fails only when its lower end is above it; in between the evidence is insufficient.
 * Drops are decided the same way, on the change from the baseline.
 */
export function decideGate(gate: Gate, metrics: readonly Metric[], baseline?: Baseline): GateResult {
  const bound = boundOf(gate)
  const metric = metrics.find((m) => m.id === gate.metric)
  const why = gate.why === undefined ? {} : { why: gate.why }
  const common = { metric: gate.metric, tier: gate.tier, bound, ...why }
  const held = metric === undefined ? notMeasured(gate.metric, metrics) : heldAgainst(bound, metric, baseline)
  if (typeof held === 'string' || held.estimate.kind === 'notEstimable') {
    const reason = typeof held === 'string' ? held : 'the change from the baseline has no estimate'
    return {
      ...common,
      title: metric?.title ?? gate.metric,
      status: 'insufficient',
      estimate: metric?.estimate ?? notEstimable(reason),
      reason,
    }
  }
  const { estimate: measured, limit, failsOn, title } = held
  const { low, high } = held.estimate.interval
  const passes = failsOn === 'above' ? high <= limit : low >= limit
  const fails = failsOn === 'above' ? low > limit : high < limit
  const status: GateStatus = passes ? 'pass' : fails ? 'fail' : 'insufficient'
  const reason = passes
    ? 'the whole interval is on the right side of the bound'
    : fails
      ? 'the whole interval is on the wrong side of the bound'
      : 'the interval straddles the bound: more text or items would decide it'
  return { ...common, title, status, estimate: measured, limit, failsOn, reason }
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
