import { indexAt } from '../../series/index-at.js'

/** Cells that a course has at least, and the change of rate (as a share of the peak) that a cell holds at most. */
const CELLS = 64
const LARGEST_CHANGE = 0.02
/** … which shrinks with the rate: near zero it counts by its share. */
const LARGEST_SHARE = 0.2

/** A course of learning rates, as shares of a peak: knots between which the rate moves evenly. */
export interface Course {
  readonly knot: Float64Array
  readonly rate: Float64Array
  /** Σ η up to a knot. */
  readonly sum: Float64Array
  /** Σ η of steps before the log's first, of which it is not known how far they were warm-up. */
  readonly unlogged: number
  /** Changes of the rate from its peak on, in order: how far it falls, Σ η there, and the rate behind it. */
  readonly falls: { readonly size: Float64Array; readonly sum: Float64Array; readonly rate: Float64Array }
}

/** Steps from a to b at which the rate has moved so little that a line may stand for it, without a itself. */
function knotsBetween(rateAt: (step: number) => number, a: number, b: number, out: number[]): void {
  const [from, to] = [rateAt(a), rateAt(b)]
  const most = Math.min(LARGEST_CHANGE, LARGEST_SHARE * Math.max(LARGEST_CHANGE, Math.min(from, to)))
  const middle = Math.floor((a + b) / 2)
  if (middle <= a || Math.abs(to - from) <= most) {
    out.push(b)
    return
  }
  knotsBetween(rateAt, a, middle, out)
  knotsBetween(rateAt, middle, b, out)
}

/**
 * The course of a schedule up to a step.
 *
 * @param rateAt   learning rate at any step ≥ 0, as a share of the peak
 * @param peakStep changes before it are warm-up and no falls
 * @param end      last step, ≥ 1
 * @param unlogged steps before the log's first, where it shows no warm-up
 */
export function courseOf(
  rateAt: (step: number) => number,
  peakStep: number,
  end: number,
  unlogged: number,
): Course {
  const steps = [0]
  for (let cell = 0; cell < CELLS; cell++) {
    const [a, b] = [Math.floor((cell * end) / CELLS), Math.floor(((cell + 1) * end) / CELLS)]
    if (b <= a) continue
    // The peak is a knot: no cell lies on both sides of it.
    if (peakStep > a && peakStep < b) knotsBetween(rateAt, a, Math.ceil(peakStep), steps)
    if (steps[steps.length - 1] < b) knotsBetween(rateAt, steps[steps.length - 1], b, steps)
  }
  const knot = Float64Array.from(steps)
  const rate = knot.map(rateAt)
  const sum = new Float64Array(knot.length)
  const falls: { size: number; sum: number; rate: number }[] = []
  sum[0] = rate[0]
  for (let i = 1; i < knot.length; i++) {
    const area = ((knot[i] - knot[i - 1]) * (rate[i - 1] + rate[i])) / 2
    sum[i] = sum[i - 1] + area
    if (knot[i - 1] >= peakStep && rate[i] !== rate[i - 1])
      falls.push({ size: rate[i - 1] - rate[i], sum: sum[i - 1] + area / 2, rate: rate[i] })
  }
  const column = (name: 'size' | 'sum' | 'rate'): Float64Array => Float64Array.from(falls, (f) => f[name])
  const falling = { size: column('size'), sum: column('sum'), rate: column('rate') }
  const course = { knot, rate, sum, falls: falling, unlogged: 0 }
  return { ...course, unlogged: unlogged > 0 ? sumAt(course, unlogged) : 0 }
}

/** Σ η up to a step of the course; beyond its end the last rate stays. */
export function sumAt({ knot, rate, sum }: Course, step: number): number {
  const i = Math.max(1, Math.min(knot.length - 1, indexAt(knot, step)))
  const steps = step - knot[i - 1]
  const slope = (rate[i] - rate[i - 1]) / (knot[i] - knot[i - 1])
  const within = Math.min(steps, knot[i] - knot[i - 1])
  return sum[i - 1] + within * (rate[i - 1] + (slope * within) / 2) + (steps - within) * rate[i]
}
