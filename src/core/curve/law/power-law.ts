import { blockMedians } from '../../series/block-medians.js'
import { median } from '../../stats/quantile.js'
import { backTest, endOf, type Foretold, Z } from './back-test.js'
import { Course, type CourseRates } from './course.js'
import { type CourseLosses, fitMultiPower, type LawPrior, type MultiPowerFit } from './fit-multi-power.js'
import type { LawGround } from './ground.js'

/** Points that the multi-power law is fitted to. */
const POINTS = 100
/** Mean error of the multi-power law on schedules that it was not fitted to, nats: .0038 to .0048 as published. */
const LAW_ERROR = 0.005
/** Error at the end of a schedule that it was not fitted to: .58 % of the loss at worst as published, .017 nats at 2.95. */
export const ACROSS_ERROR = 0.01
/** Losses of a run along its course, thinned for the multi-power law; rates in units of `peak`. */
export function courseLosses(
  { smooth, rates, from }: LawGround,
  end: number,
  peak: number = rates.peak,
): CourseLosses & { steps: Float64Array } {
  const scale = rates.peak / peak
  const course = new Course({ ...rates, rateAt: (step) => scale * rates.rateAt(step) }, end)
  const { step, value } = blockMedians(
    { step: smooth.step.subarray(from), value: smooth.value.subarray(from) },
    POINTS,
  )
  return { course, steps: step, sums: step.map((s) => course.sumAt(s)), loss: value }
}

/** The multi-power law of a run, and of others with it, with how it does where it is fitted to less of the run. */
export class PowerLaw {
  private constructor(
    private readonly losses: ReturnType<typeof courseLosses>,
    private readonly fit: MultiPowerFit,
    private readonly misses: ReturnType<typeof backTest>,
    private readonly error: number,
  ) {}

  /**
   * @param end    last step of the run's course
   * @param others other runs of the model, in units of this run's peak rate
   */
  static of(
    ground: LawGround,
    end: number,
    others: readonly CourseLosses[] = [],
    prior?: LawPrior,
  ): PowerLaw | undefined {
    const losses = courseLosses(ground, end)
    const { steps, sums, loss, course } = losses
    const fit = fitMultiPower([losses, ...others], prior)
    if (fit === undefined) return undefined
    const last = steps[steps.length - 1]
    const { actual, middle } = endOf(loss)
    const at = sums.subarray(middle, middle + 1)
    const misses = backTest((share) => {
      const n = steps.findLastIndex((s) => s <= share * last) + 1
      const part = { course, sums: sums.subarray(0, n), loss: loss.subarray(0, n) }
      const shorter = fitMultiPower([part, ...others], prior, fit.theta)
      return shorter === undefined ? undefined : shorter.lossesAt(course, at).loss[0] - actual
    })
    return new PowerLaw(losses, fit, misses, others.length === 0 ? LAW_ERROR : ACROSS_ERROR)
  }

  /** Losses of the run above its own law, over its last points. */
  private get residual(): number {
    const { losses, fit } = this
    const { recent } = endOf(losses.loss)
    const from = losses.loss.length - recent
    const own = fit.lossesAt(losses.course, losses.sums).loss
    return median(losses.loss.slice(from).map((v, i) => v - own[from + i]))
  }

  /** Where the run lands under rates that are its own as far as its log goes. */
  land(rates: CourseRates, target: number): Foretold {
    const { steps } = this.losses
    const course = new Course(rates, target)
    const { loss, variance } = this.fit.lossesAt(course, Float64Array.of(course.sumAt(target)))
    const drift = this.misses.rate * Math.log(target / steps[steps.length - 1])
    return {
      value: loss[0] + this.residual,
      half: Z * Math.hypot(Math.sqrt(variance[0]), this.error, drift),
      missed: this.misses.mean,
    }
  }
}
