import { median } from '../../stats/quantile.js'
import { backTest, endOf, type Foretold, Z } from './back-test.js'
import type { CourseRates } from './course.js'
import type { LawGround } from './ground.js'
import { expectedAt, type FittedLaw, fitRunLaw } from './run-law.js'

export const LEAST_HALF = 0.03
/** Widening that brings the interval's coverage to its level (docs/validation/curve.md). */
const WIDENING = 2.5

/** The annealing law of a run, with how it does where it is fitted to less of it. */
export class AnnealingLaw {
  private readonly end: ReturnType<typeof endOf>
  private readonly misses: ReturnType<typeof backTest>

  /** @param last last step of the log */
  constructor(
    ground: LawGround,
    private readonly fitted: FittedLaw,
    private readonly last: number,
  ) {
    this.end = endOf(fitted.level)
    const { actual, middle } = this.end
    this.misses = backTest((share) => {
      const shorter = fitRunLaw(ground, share * last)
      return shorter === undefined ? undefined : shorter.expected[middle] - actual
    })
  }

  /** How far the run has fallen since its first level. */
  get fallen(): number {
    return this.fitted.level[0] - this.end.actual
  }

  /** Where the run lands under rates that are its own as far as its log goes. */
  land(rates: CourseRates, target: number): Foretold {
    const { fitted, last, misses } = this
    const { recent } = this.end
    const [raw] = expectedAt(fitted.law, rates, Float64Array.of(target))
    // The law's own residual at the end is carried over: it changes slowly.
    const from = fitted.level.length - recent
    const residual = median(fitted.level.slice(from).map((v, i) => v - fitted.expected[from + i]))
    const half = Math.max(
      LEAST_HALF,
      (Z * fitted.law.deviation) / Math.sqrt(recent),
      WIDENING * misses.rate * Math.log(target / last),
    )
    return { value: raw + residual, half, missed: misses.mean }
  }
}
