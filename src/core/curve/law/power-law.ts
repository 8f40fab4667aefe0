import { blockMedians } from '../../series/block-medians.js'
import { median } from '../../stats/quantile.js'
import { backTest, endOf, type Foretold, Z } from './back-test.js'
import { Course, type CourseRates } from './course.js'
import { type CourseLosses, fitMultiPower, type LawPrior, type MultiPowerFit } from './fit-multi-power.js'
import type { LawGround } from './ground.js'
import { NearSchedules } from './near-schedules.js'

/** Points that the multi-power law is fitted to. */
const POINTS = 100
/** Mean error of the multi-power law on schedules that it was not fitted to, nats: .0038 to .0048 as published. */
const LAW_ERROR = 0.005
/** … at the end of one, with none near it fitted: measured, .011 and .012 (25M, 100M; docs/validation/curve-schedules.md). */
export const ACROSS_ERROR = 0.012
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

/** Losses of a run above a law, over its last points. */
function residualOf(fit: MultiPowerFit, { course, sums, loss }: CourseLosses): number {
  const from = loss.length - endOf(loss).recent
  const law = fit.lossesAt(course, sums.subarray(from)).loss
  return median(loss.slice(from).map((v, i) => v - law[i]))
}

/** The multi-power law of a run, and of others with it, with how it does where it is fitted to less of the run. */
export class PowerLaw {
  private constructor(
    private readonly losses: ReturnType<typeof courseLosses>,
    private readonly fit: MultiPowerFit,
    private readonly misses: ReturnType<typeof backTest>,
    private readonly near: NearSchedules,
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
      if (shorter === undefined) return undefined
      return shorter.lossesAt(course, at).loss[0] + residualOf(shorter, part) - actual
    })
    const error = others.length === 0 ? LAW_ERROR : ACROSS_ERROR
    return new PowerLaw(losses, fit, misses, new NearSchedules(fit, others), error)
  }

  /** Where the run lands under rates that are its own as far as its log goes. */
  land(rates: CourseRates, target: number): Foretold {
    const { losses, near } = this
    const last = losses.steps[losses.steps.length - 1]
    const course = new Course(rates, target)
    const { loss, variance } = this.fit.lossesAt(course, Float64Array.of(course.sumAt(target)))
    const drift = this.misses.rate * Math.log(target / last)
    const [there, here] = [near.at(course), near.at(new Course(rates, last))]
    return {
      value: loss[0] + residualOf(this.fit, losses) + there.residual - here.residual,
      half: Z * Math.hypot(Math.sqrt(variance[0]), this.error * there.left, drift),
      missed: this.misses.mean,
    }
  }
}
