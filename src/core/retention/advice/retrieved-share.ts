import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../../estimate.js'
import { wilsonInterval } from '../../stats/wilson.js'

/** Facts that share one expected accuracy, and how much that expectation rests on. */
export interface CellForecast {
  readonly facts: number
  /** null when nothing tells: such facts are retrieved. */
  readonly predicted: number | null
  /** Facts' worth of evidence behind `predicted`: those asked, and what the form is worth between cells. */
  readonly evidence: number
}

/**
 * Share of facts in cells whose accuracy is below what is wanted. The value is the advice as it is given; the interval
 * runs from the cells that are below even at the upper end of their own score intervals to those that are below at the
 * lower end: a form that is wrong is wrong in all cells at once, so their errors are not taken to cancel out.
 *
 * Coverage: test/coverage/retention-advice.test.ts
 */
export function retrievedShare(
  cells: readonly CellForecast[],
  wanted: number,
  level: number = DEFAULT_LEVEL,
): Estimate {
  const total = cells.reduce((n, cell) => n + cell.facts, 0)
  if (total === 0) return notEstimable('every counted fact gives its object away')
  const share = { value: 0, low: 0, high: 0 }
  for (const { facts, predicted, evidence } of cells) {
    const own = facts / total
    const { low, high } =
      predicted === null
        ? { low: Number.NEGATIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
        : wilsonInterval(Math.min(1, Math.max(0, predicted)) * evidence, evidence, level)
    if ((predicted ?? Number.NEGATIVE_INFINITY) < wanted) share.value += own
    if (high < wanted) share.low += own
    if (low < wanted) share.high += own
  }
  return estimate(share.value, { low: share.low, high: Math.min(1, share.high), level }, 'share', total)
}
