import type { Course } from './course.js'
import type { CourseLosses, MultiPowerFit } from './fit-multi-power.js'

/** How far a schedule's residual reaches, and how far it is believed. */
export interface Reach {
  /** Distance of rates (shares of the peak, root mean square) at which it has lost 40 % of its weight. */
  readonly width: number
  /** Weight of “the law is right” beside the schedules'. */
  readonly doubt: number
}

/** What each of two sizes of model chose for the other (docs/validation/curve-schedules.md). */
const REACH: Reach = { width: 0.1, doubt: 0.2 }
/** What a difference of 1 in ln Σ η counts beside it. */
const BY_LENGTH = 0.3

/** What is compared of a course. */
type Shape = Pick<Course, 'profile' | 'total'>

const shapeOf = ({ profile, total }: Course): Shape => ({ profile, total })

function distance(a: Shape, b: Shape): number {
  const byRates = a.profile.reduce((sum, rate, i) => sum + (rate - b.profile[i]) ** 2, 0) / a.profile.length
  return Math.hypot(Math.sqrt(byRates), BY_LENGTH * Math.log(a.total / b.total))
}

/**
 * What the law of several runs misses at the end of a course: what it missed at the ends of those runs, a normal kernel of
 * the distance of their rates and lengths as weight (docs/methods/curve.md#near-schedules).
 */
export class NearSchedules {
  private readonly ends: readonly { readonly shape: Shape; readonly residual: number }[]

  constructor(
    fit: MultiPowerFit,
    runs: readonly CourseLosses[],
    private readonly reach = REACH,
  ) {
    this.ends = runs.map(({ course, sums, loss }) => ({
      shape: shapeOf(course),
      residual: loss[loss.length - 1] - fit.lossesAt(course, sums.subarray(-1)).loss[0],
    }))
  }

  /** Loss above the law, nats, and the share of the law's error that is left where these schedules are near. */
  at(course: Course): { residual: number; left: number } {
    let total = 0
    const { width, doubt } = this.reach
    let weights = doubt
    const shape = shapeOf(course)
    for (const end of this.ends) {
      const weight = Math.exp(-0.5 * (distance(shape, end.shape) / width) ** 2)
      weights += weight
      total += weight * end.residual
    }
    return { residual: total / weights, left: Math.sqrt(doubt / weights) }
  }
}
