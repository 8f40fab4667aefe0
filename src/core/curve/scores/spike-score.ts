import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Curve } from '../../series/curve.js'
import { median, robustDeviation } from '../../stats/quantile.js'
import { wilsonInterval } from '../../stats/wilson.js'
import { counted } from '../../text/counted.js'
import { NO_DEVIATION, Rolling } from '../signs/rolling.js'

/** Values that the mean is taken of, and deviations from it that count. */
export const SCORE_WINDOW = 1000
export const SCORE_DEVIATIONS = 7

/** A share of all n values with Wilson's interval, the values taken as independent. */
function shareOf(flagged: number, n: number, window: number): Estimate {
  if (n === 0) return notEstimable('the log gives none')
  if (n <= window)
    return notEstimable(`${counted(n, 'value')}: the score needs more than the ${window} of its window`)
  return estimate(flagged / n, wilsonInterval(flagged, n, DEFAULT_LEVEL), 'share', n)
}

/**
 * OLMo 2's spike score: share of values that lie 7 population standard deviations or more from the mean of the 1,000
 * before them, on either side; for the loss and for the gradient norm.
 *
 * @param curve finite values, ascending steps; others are passed over
 * @returns     share of all values; those before the first full window cannot be flagged
 *
 * Source: OLMo 2, arXiv:2501.00656; its "rolling average of the last 1,000" is read as two-sided and without the value
 * itself (docs/methods/curve.md#spike-score). Reproduced: .010 % on llm.c's GPT-2 124M log
 * (test/logs/real-logs.test.ts).
 */
export function spikeScore(curve: Curve, window: number = SCORE_WINDOW): Estimate {
  const rolling = new Rolling(window)
  let flagged = 0
  let n = 0
  for (const value of curve.value) {
    if (!Number.isFinite(value)) continue
    n++
    if (rolling.full && rolling.deviation >= NO_DEVIATION) {
      if (Math.abs(value - rolling.mean) >= SCORE_DEVIATIONS * rolling.deviation) flagged++
    }
    rolling.push(value)
  }
  return shareOf(flagged, n, window)
}

/** Windows are sorted at most this often, however long the log. */
const MOST_SORTS = 4000
const LEAST_STRIDE = 20

/**
 * The same share by robust measures: 7 × 1.4826 · MAD from the median. Earlier spikes widen a standard deviation and
 * hide later ones; on real logs this flags about 2.4 times as many (docs/methods/curve.md#spike-score).
 *
 * Differs: median and MAD are renewed every twentieth value (in logs of more than 80,000 values, 4,000 times in all),
 * from the 1,000 before.
 */
export function robustSpikeScore(curve: Curve, window: number = SCORE_WINDOW): Estimate {
  const isWhole = curve.value.every((v) => Number.isFinite(v))
  // A copy only where it is needed: logs have tens of millions of rows.
  const values = isWhole ? curve.value : curve.value.filter((v) => Number.isFinite(v))
  const stride = Math.max(LEAST_STRIDE, Math.ceil(values.length / MOST_SORTS))
  let flagged = 0
  for (let from = window; from < values.length; from += stride) {
    const before = values.subarray(from - window, from)
    const centre = median(before)
    const deviation = robustDeviation(before, centre)
    if (deviation < NO_DEVIATION) continue
    for (let i = from; i < Math.min(values.length, from + stride); i++) {
      if (Math.abs(values[i] - centre) >= SCORE_DEVIATIONS * deviation) flagged++
    }
  }
  return shareOf(flagged, values.length, window)
}
