/**
 * A number that somebody may act on: never without its interval, unit and n,
 * and never a NaN or a 0 where the honest answer is "unknown".
 */

/** Unit of an estimate, spelled as in reports. `bits/byte` is exact; free text is allowed for new units. */
export type Unit =
  | 'bits/byte'
  | 'nats/token'
  | 'perplexity/byte'
  | 'perplexity/word'
  | 'bytes/token'
  | 'tokens/word'
  | 'tokens/s'
  | 'ms'
  | 'FLOPs'
  | 'FLOPs/token'
  | 'tokens'
  | 'steps'
  | 'accuracy'
  | 'share'
  | 'ratio'
  | (string & {})

/** A confidence interval: `level` = .95 means that 95 of 100 such intervals hold the truth. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly level: number
}

/** Estimate or the reason why there is none. `n` counts the independent units (documents, items, runs). */
export type Estimate =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly interval: Interval
      readonly unit: Unit
      readonly n: number
    }
  | { readonly kind: 'notEstimable'; readonly reason: string }

/** The flat form that JSON documents carry. */
export type EstimateJson =
  | {
      kind: 'estimate'
      value: number
      low: number
      high: number
      level: number
      unit: string
      n: number
    }
  | { kind: 'notEstimable'; reason: string }

/** Confidence level of intervals where nobody asked for another. */
export const DEFAULT_LEVEL = 0.95

/**
 * Build an estimate; anything not finite turns into `notEstimable`, so that NaN never leaves a computation
 * in silence. An infinite bound is refused for the same reason: state a finite one or a reason.
 */
export function estimate(value: number, interval: Interval, unit: Unit, n: number): Estimate {
  if (!Number.isFinite(value)) return notEstimable(`the value is not finite (${value})`)
  if (!Number.isFinite(interval.low) || !Number.isFinite(interval.high))
    return notEstimable(`the interval of ${value} ${unit} is not finite`)
  return { kind: 'estimate', value, interval, unit, n }
}

/** A number that is not known, with the reason: never NaN, never 0. */
export function notEstimable(reason: string): Estimate {
  return { kind: 'notEstimable', reason }
}

/** A number that was counted, not estimated: its interval has no width. */
export function exact(value: number, unit: Unit, n: number): Estimate {
  return estimate(value, { low: value, high: value, level: 1 }, unit, n)
}

/** Apply a monotone map to the value and both bounds (in order), e.g. bits/byte → perplexity/byte. */
export function mapEstimate(e: Estimate, unit: Unit, f: (x: number) => number): Estimate {
  if (e.kind === 'notEstimable') return e
  const a = f(e.interval.low)
  const b = f(e.interval.high)
  return estimate(
    f(e.value),
    { low: Math.min(a, b), high: Math.max(a, b), level: e.interval.level },
    unit,
    e.n,
  )
}

/** An interval cut to what its value can be: shares lie in [0, 1], their differences in [−1, 1]. */
export function withinBounds(e: Estimate, low: number, high: number): Estimate {
  if (e.kind === 'notEstimable') return e
  const cut = (v: number): number => Math.min(high, Math.max(low, v))
  return { ...e, interval: { ...e.interval, low: cut(e.interval.low), high: cut(e.interval.high) } }
}

/**
 * The row that may be called the lowest (or highest): its interval lies wholly below (above) every other's. Undefined
 * where intervals overlap, or where fewer than two rows have an estimate: then no row may be called so.
 */
export function standsOut<Row>(
  rows: readonly Row[],
  estimateOf: (row: Row) => Estimate,
  side: 'lowest' | 'highest',
): Row | undefined {
  const known = rows.flatMap((row) => {
    const e = estimateOf(row)
    return e.kind === 'estimate' ? [{ row, ...e.interval }] : []
  })
  if (known.length < 2) return undefined
  return known.find((a) =>
    known.every((b) => b === a || (side === 'lowest' ? a.high < b.low : a.low > b.high)),
  )?.row
}

/** The flat form in which an estimate stands in JSON. */
export function estimateToJson(e: Estimate): EstimateJson {
  if (e.kind === 'notEstimable') return { kind: 'notEstimable', reason: e.reason }
  const { low, high, level } = e.interval
  return { kind: 'estimate', value: e.value, low, high, level, unit: e.unit, n: e.n }
}

/** A structure of plain objects and arrays with every estimate in it in its flat form. */
export function withFlatEstimates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withFlatEstimates)
  if (typeof value !== 'object' || value === null) return value
  if (isEstimate(value)) return estimateToJson(value)
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, withFlatEstimates(own)]))
}

function isEstimate(value: object): value is Estimate {
  const kind = 'kind' in value ? value.kind : undefined
  return kind === 'notEstimable' || (kind === 'estimate' && 'interval' in value)
}

/** An estimate as it stands in JSON, back in its inner form. */
export function estimateFromJson(e: EstimateJson): Estimate {
  if (e.kind === 'notEstimable') return e
  return estimate(e.value, { low: e.low, high: e.high, level: e.level }, e.unit, e.n)
}
