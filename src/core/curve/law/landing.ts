import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { PlannedRates, RatesAhead } from '../schedule/planned-rates.js'
import { AnnealingLaw, LEAST_HALF } from './annealing-law.js'
import type { Foretold } from './back-test.js'
import type { CourseLosses, LawPrior } from './fit-multi-power.js'
import type { LawGround } from './ground.js'
import { PowerLaw } from './power-law.js'
import type { FittedLaw } from './run-law.js'

/** Where a run will land, under which rates, and by which law. */
export interface Landing {
  readonly loss: Estimate
  readonly step: number
  /** In the words of `--decay`, `plan`, or the kind of the logged schedule that goes on. */
  readonly schedule: string
  /** Nobody told the rates to come: the last one is taken to stay. */
  readonly assumed: boolean
  /** `both`: the mean of the two. */
  readonly law: 'annealing' | 'multi-power' | 'both'
  /** Runs that the law is fitted to, this one among them. */
  readonly runs: number
}

/** The annealing law foretells a fall of the rate up to this many times the one it has seen. */
const FALL_SEEN = 2

/** No law is trusted further than this many times the steps it has seen. */
const FURTHEST = 20

/** Share of the peak by which the rate fell in either half of the log where it falls throughout. */
const FALLS = 0.02
/** … and both laws, where they were tried, missed by no more than this in the mean, nats. */
const CLOSE = 0.05

/** Whether the rate has been falling in both halves of the log since its peak. */
function fallsThroughout({ rateAt, peakStep, peak }: PlannedRates, last: number): boolean {
  const [first, middle, now] = [peakStep, (peakStep + last) / 2, last].map(rateAt)
  return first - middle > FALLS * peak && middle - now > FALLS * peak
}

/**
 * What foretells, by which law: the one that missed less where it was tried, among those that have seen what they
 * foretell; the mean of both where the rate falls throughout and both did well, for there they miss to different sides (the combination of
 * forecasts: Bates and Granger, Operational Research Quarterly 20, 1969). What the two disagree on is left open.
 */
function combined(
  annealing: Foretold,
  power: Foretold | undefined,
  hasSeen: boolean,
  falls: boolean,
): { name: Landing['law']; value: number; half: number } {
  if (power === undefined) return { name: 'annealing', ...annealing }
  const apart = annealing.value - power.value
  const name = hasSeen && annealing.missed < power.missed ? 'annealing' : 'multi-power'
  const better = name === 'annealing' ? annealing : power
  if (hasSeen && falls && Math.max(annealing.missed, power.missed) <= CLOSE)
    return { name: 'both', value: power.value + apart / 2, half: Math.hypot(better.half, apart) }
  return { name, value: better.value, half: Math.hypot(better.half, apart) }
}

/** Whether the rates fell so far in the log that what is still to come is no more than the annealing law can tell. */
function hasSeenFall({ rateAt, peakStep, target }: RatesAhead, last: number): boolean {
  const fallen = rateAt(peakStep) - rateAt(last)
  return Math.abs(rateAt(last) - rateAt(target)) <= FALL_SEEN * Math.max(0, fallen)
}

/** Told, unless it says nothing: it reaches below 0, where no loss is, or further to a side than the run has fallen. */
function told(
  { value, half }: Pick<Foretold, 'value' | 'half'>,
  fallen: number,
  n: number,
  target: number,
): Estimate {
  if (value - half <= 0 || half > Math.max(fallen, LEAST_HALF))
    return notEstimable(
      `the log is too short to tell: fitted on parts of it, the law is off by so much that ± ${half.toFixed(2)} nats/token at step ${target} would say nothing`,
    )
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', n)
}

function landingOf({ target, schedule, assumed }: RatesAhead, runs: number): Omit<Landing, 'loss' | 'law'> {
  return { step: target, schedule, assumed, runs }
}

/** A run of which no landing can be told. */
export function noLanding(rates: PlannedRates, reason: string): Landing {
  return { ...landingOf(rates, 1), law: 'annealing', loss: notEstimable(reason) }
}

/** What is foretold of a run: where its plan ends, and where it would if the decay began now. */
export interface Foretelling {
  readonly landing: Landing
  readonly annealNow?: Landing
}

/**
 * Where the run will land, by the annealing law or the multi-power law, whichever foretold the run's own later part
 * better from shorter parts of it, or by the mean of both where the rate falls throughout and both did well; a fall of the rate that the log has not shown is the multi-power law's, whose prior
 * knows of it. The interval comes from the errors of the law's parameters, from its published error on other schedules,
 * and from how far it, fitted on shorter parts, missed the rest (docs/methods/curve.md#landing).
 *
 * @param others other runs of the same model, in units of this run's peak rate: the law is fitted to all of them
 */
export function foretell(
  ground: LawGround | undefined,
  fitted: FittedLaw | undefined,
  rates: PlannedRates,
  last: number,
  others: readonly CourseLosses[] = [],
  prior?: LawPrior,
): Foretelling {
  const { target } = rates
  const none = (reason: string): Foretelling => ({ landing: noLanding(rates, reason) })
  if (ground === undefined || fitted === undefined) return none('too few losses after warm-up to fit the law')
  if (target > FURTHEST * last)
    return none(`it lies more than ${FURTHEST} times as far as the log has come (step ${last})`)
  const common = landingOf(rates, 1 + others.length)
  const own = new AnnealingLaw(ground, fitted, last)
  const annealing = own.land(rates, target)
  const { now } = rates
  const isAhead = rates.known && (target > last || now !== undefined)
  const law = isAhead ? PowerLaw.of(ground, Math.max(last, target), others, prior) : undefined
  const power = law?.land(rates, target)
  const { fallen } = own
  const n = fitted.law.n
  const hasSeen = others.length === 0 && hasSeenFall(rates, last)
  const { name, ...foretold } = combined(annealing, power, hasSeen, fallsThroughout(rates, last))
  const landing: Landing = { ...common, law: name, loss: told(foretold, fallen, n, target) }
  if (now === undefined || law === undefined) return { landing }
  const loss = told(law.land(now, now.target), fallen, n, now.target)
  return { landing, annealNow: { ...landingOf(now, common.runs), law: 'multi-power', loss } }
}
