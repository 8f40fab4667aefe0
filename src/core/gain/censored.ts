import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { quantile } from '../stats/quantile.js'
import type { Reach } from './reach.js'

/**
 * Draws of the means over other items and seeds that a censored number stands on: at 95 % its ends are percentiles of one in
 * forty or eighty, which with hundreds of draws moved with the seed as far as they lay apart.
 */
export const DRAWS = 5000

/** A number of examples, or a bound where one arm's curve ends first. */
export interface Censored {
  readonly value: Estimate
  /** One arm's curve ends before the level, or begins above it: a bound is known, no number. */
  readonly censored: boolean
  /** Of a censored value: it is at least this, at the level of the intervals; null where nothing bounds it from below. */
  readonly atLeast: number | null
  /** Of a censored value: it is at most this, at the level of the intervals; null where nothing bounds it from above. */
  readonly atMost: number | null
}

/** What one draw says: a value, or a bound of it from below or from above. */
export interface Drawn {
  readonly value: number
  readonly bound: 'atLeast' | 'atMost' | null
}

export const unknown = (reason: string): Censored => ({
  value: notEstimable(reason),
  censored: false,
  atLeast: null,
  atMost: null,
})

/**
 * Summarise draws of a censored quantity. Where so many draws are bounds that an end of the interval is one, the answer is
 * the other end, a bound; where both ends are, nothing is known.
 */
export function summarise(
  point: Drawn | null,
  draws: readonly (Drawn | null)[],
  unit: string,
  n: number,
  level: number,
  nothing: string,
): Censored {
  const tail = (1 - level) / 2
  const known = draws.filter((d) => d !== null)
  if (point === null || known.length < draws.length * (1 - tail)) return unknown(nothing)
  const values = known.map((d) => d.value)
  const shareOf = (bound: Drawn['bound']): number =>
    known.filter((d) => d.bound === bound).length / known.length
  const isOpen = (bound: Drawn['bound']): boolean => point.bound === bound || shareOf(bound) > tail
  const [openAbove, openBelow] = [isOpen('atLeast'), isOpen('atMost')]
  if (openAbove && openBelow) return unknown(nothing)
  // A number is told where few draws are bounds: where the curve happened to do well. The side on which the others lie, and
  // with them most truths that are missed, has half the tail.
  const tailOf = (bound: Drawn['bound']): number => (known.some((d) => d.bound === bound) ? tail / 2 : tail)
  const interval = {
    low: quantile(values, tailOf('atMost')),
    high: quantile(values, 1 - tailOf('atLeast')),
    level,
  }
  const none = { censored: true, atLeast: null, atMost: null }
  const told = (words: string, bound: number): Estimate => notEstimable(`${words} ${bound.toPrecision(3)}`)
  if (openAbove) {
    const value = told(
      "one arm's curve ends before the level is reached beyond doubt: at least",
      interval.low,
    )
    return { ...none, value, atLeast: interval.low }
  }
  if (openBelow) {
    const value = told("one arm's curve is at the level at its smallest size already: at most", interval.high)
    return { ...none, value, atMost: interval.high }
  }
  return { ...none, censored: false, value: estimate(point.value, interval, unit, n) }
}

/** Examples of one arm; fewer than the smallest size may be any number down to 0, or are a bound. */
export function examples({ kind, n }: Reach, isFirstBound: boolean): Drawn {
  if (kind === 'first') return isFirstBound ? { value: n, bound: 'atMost' } : { value: 0, bound: null }
  return { value: n, bound: kind === 'never' ? 'atLeast' : null }
}
