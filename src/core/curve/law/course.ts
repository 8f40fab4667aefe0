import { indexAt } from '../../series/index-at.js'

/** Cells that a course has at least, and the change of rate (as a share of the peak) that a cell holds at most. */
const CELLS = 64
const LARGEST_CHANGE = 0.02
/** … which shrinks with the rate: near zero it counts by its share. */
const LARGEST_SHARE = 0.2

/** Places of a course's profile. */
const PLACES = 50

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

/** What a course is made of: rates from the start of training, as shares of a peak. */
export interface CourseRates {
  /** Learning rate at any step ≥ 0. */
  readonly rateAt: (step: number) => number
  /** Changes before it are warm-up and no falls. */
  readonly peakStep: number
  /** Steps before the log's first, where it shows no warm-up: how far they were it is not known. */
  readonly unlogged: number
}

/** The course of learning rates up to a step: knots between which the rate moves evenly, and what is summed along it. */
export class Course {
  private readonly knot: Float64Array
  private readonly rate: Float64Array
  /** Σ η up to a knot. */
  private readonly sum: Float64Array
  /** Changes of the rate from its peak on, in order: how far it falls, Σ η there, and the rate behind it. */
  readonly falls: { readonly size: Float64Array; readonly sum: Float64Array; readonly rate: Float64Array }
  /** Σ η of the steps before the log's first. */
  readonly unlogged: number

  /** @param end last step, ≥ 1 */
  constructor({ rateAt, peakStep, unlogged }: CourseRates, end: number) {
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
    this.knot = knot
    this.rate = rate
    this.sum = sum
    this.falls = { size: column('size'), sum: column('sum'), rate: column('rate') }
    this.unlogged = unlogged > 0 ? this.sumAt(unlogged) : 0
  }

  /** Σ η of all of it. */
  get total(): number {
    return this.sum[this.sum.length - 1]
  }

  /** Rates at even shares of the course, its end among them: what tells one from another. */
  get profile(): Float64Array {
    const end = this.knot[this.knot.length - 1]
    return Float64Array.from({ length: PLACES }, (_, p) => this.rateBefore((end * (p + 1)) / PLACES))
  }

  private rateBefore(step: number): number {
    const { knot, rate } = this
    const i = Math.max(1, Math.min(knot.length - 1, indexAt(knot, step)))
    return rate[i - 1] + ((step - knot[i - 1]) * (rate[i] - rate[i - 1])) / (knot[i] - knot[i - 1])
  }

  /** Σ η up to a step; beyond the end the last rate stays. */
  sumAt(step: number): number {
    const { knot, rate, sum } = this
    const i = Math.max(1, Math.min(knot.length - 1, indexAt(knot, step)))
    const steps = step - knot[i - 1]
    const slope = (rate[i] - rate[i - 1]) / (knot[i] - knot[i - 1])
    const within = Math.min(steps, knot[i] - knot[i - 1])
    return sum[i - 1] + within * (rate[i - 1] + (slope * within) / 2) + (steps - within) * rate[i]
  }
}
