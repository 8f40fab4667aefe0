import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Curve } from '../../series/curve.js'
import { normalQuantile } from '../../stats/normal-quantile.js'
import { median, quantile } from '../../stats/quantile.js'
import { counted } from '../../text/counted.js'

/** √(π/2): the median's standard error over the mean's, for normal noise. */
const MEDIAN_FACTOR = 1.2533

/** A gap this many times the usual one between two losses: a fragment begins. */
const BREAK = 20

/** So many gaps tell the usual one: sorting those of millions of steps would take longer than all else here. */
const MOST_GAPS = 10_000

/** Losses at the end without a break: those of an earlier fragment say nothing of the end. */
function unbrokenEnd({ step }: Curve): number {
  const n = step.length
  if (n < 2) return n
  const stride = Math.ceil((n - 1) / MOST_GAPS)
  const usual = median(
    Float64Array.from(
      { length: Math.floor((n - 1) / stride) },
      (_, i) => step[i * stride + 1] - step[i * stride],
    ),
  )
  let first = n - 1
  while (first > 0 && step[first] - step[first - 1] <= BREAK * Math.max(usual, 1)) first--
  return n - first
}

/**
 * Level at the end: median of the last 1 % of losses (five at least), with the interval of that median. Not estimable
 * where the last fragment of a log has fewer.
 */
export function finalLoss(curve: Curve): Estimate {
  const n = curve.value.length
  if (n === 0) return notEstimable('the log gives no finite loss')
  if (n < 5) return notEstimable(`only ${counted(n, 'finite loss', 'finite losses')}`)
  const unbroken = unbrokenEnd(curve)
  if (unbroken < 5)
    return notEstimable(
      `the log is broken: ${unbroken} loss${unbroken === 1 ? '' : 'es'} behind its last gap, the last ${curve.value[n - 1]}`,
    )
  const window = Math.min(unbroken, Math.max(5, Math.round(0.01 * n)))
  const tail = curve.value.slice(n - window)
  const spread = (quantile(tail, 0.75) - quantile(tail, 0.25)) / 1.349
  const half = (normalQuantile(0.975) * MEDIAN_FACTOR * Math.max(spread, 1e-6)) / Math.sqrt(window)
  const value = median(tail)
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', window)
}

/**
 * The last validation loss; its interval is the scatter of the evaluations about their own trend.
 * @param all   with NaN where an evaluation gave no finite value
 * @param curve the finite ones
 */
export function finalValidationLoss(all: Curve, curve: Curve): Estimate {
  const count = all.value.length
  if (count > 0 && !Number.isFinite(all.value[count - 1]))
    return notEstimable(`the last validation loss (step ${all.step[count - 1]}) is not finite`)
  const n = curve.value.length
  if (n === 0) return notEstimable('the log gives no validation loss')
  const value = curve.value[n - 1]
  if (n < 4)
    return notEstimable(
      `only ${counted(n, 'evaluation')} (the last one ${value}): their scatter is not known`,
    )
  const from = Math.max(2, n - 12)
  const differences: number[] = []
  for (let i = from; i < n; i++)
    differences.push(Math.abs(curve.value[i] - 2 * curve.value[i - 1] + curve.value[i - 2]))
  const half = (normalQuantile(0.975) * 1.4826 * median(differences)) / Math.sqrt(6)
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', 1)
}
