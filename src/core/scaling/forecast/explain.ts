import { counted } from '../../text/counted.js'
import { percent } from '../../text/percent.js'
import type { BackTestSummary } from './back-test-summary.js'
import { CANDIDATES } from './candidates.js'
import type { OffRung } from './off-rung.js'
import type { FormReport } from './outcome.js'
import { type RunPoint, ratioSpread, type Target } from './point.js'
import type { Prepared } from './prepare.js'
import type { Benchmark } from './usable.js'

/** Fewer distinct runs: warn. */
export const FEW_RUNS = 3
/** Further away than this: warn. */
export const WARNED_EXTRAPOLATION = 30

/** Why these forms carry the forecast, in words. */
export function reasonOf(
  ids: readonly string[],
  weights: readonly number[],
  prepared: Prepared,
  summary: BackTestSummary,
): string {
  const tested =
    summary.folds === 0
      ? 'too few points for a back-test of its own'
      : `${counted(summary.folds, 'fold')} of its own`
  const shares = CANDIDATES.map((c, i) => ({ id: c.id, w: weights[i] }))
    .filter((s) => s.w > 0)
    .sort((a, b) => b.w - a.w)
    .map((s) => `${s.id} ${Math.round(100 * s.w)} %`)
    .join(', ')
  if (ids.length === 1) return `${ids[0]} is the only form that these points can carry`
  const spread = ratioSpread(prepared.data.usable)
  const tpr = ids.some((id) => id.startsWith('params'))
    ? `; tokens per parameter vary ${spread.toFixed(1)}×, so N and D count apart`
    : ''
  return `average weighted by back-test error, pooled over the benchmarks (${tested}): ${shares}${tpr}`
}

/** Normal quantile of the noise that a single measured accuracy is given: 95 %. */
const NOISE = 1.96

/** A run of no more compute that scored more than is forecast, and whether the noise of its items tells why. */
export interface Surpassed {
  readonly isNoise: boolean
  readonly text: string
}

/** Of such runs the one that noise explains least, or null. Noise is that of the items were the forecast right: 0 of a perfect score it is not. */
export function surpassedBy(
  usable: readonly RunPoint[],
  { flops }: Target,
  accuracy: number,
): Surpassed | null {
  const above = usable.filter((point) => point.flops <= flops && point.accuracy > accuracy)
  if (above.length === 0) return null
  const noiseOf = (items: number): number => NOISE * Math.sqrt((accuracy * (1 - accuracy)) / items)
  // Behind what noise does not explain comes what nobody can tell, then what it does.
  const beyond = ({ items, accuracy: scored }: RunPoint): number =>
    items === null ? 1 : (scored - accuracy) / noiseOf(items)
  const most = above.reduce((best, point) => (beyond(point) > beyond(best) ? point : best))
  const scored = `${most.run} has scored ${percent(most.accuracy, 1)} with no more compute, which is above the forecast`
  if (most.items === null)
    return { isNoise: false, text: `${scored}: its number of items is not told, so nor is its noise` }
  const isNoise = beyond(most) <= 1
  const told = `the noise of its ${most.items} items, ± ${(100 * noiseOf(most.items)).toFixed(1)} points at 95 %`
  return { isNoise, text: `${scored} by ${isNoise ? 'no more' : 'more'} than ${told}` }
}

/** What a reader must know before acting on the forecast. */
export function warningsFor(
  ratio: number,
  runs: number,
  benchmark: Benchmark,
  forms: readonly FormReport[],
  summary: BackTestSummary,
): string[] {
  const out: string[] = []
  if (ratio > WARNED_EXTRAPOLATION)
    out.push(
      `more than ${WARNED_EXTRAPOLATION}× beyond the largest fitted run, errors can grow faster than the interval knows`,
    )
  if (runs < FEW_RUNS)
    out.push(
      `${runs} runs alone are above chance: their checkpoints are not independent, so the interval may be too narrow`,
    )
  if (!benchmark.chanceKnown)
    out.push('the chance level is unknown and was taken as 0: give it as a column or with --chance')
  if (summary.folds === 0)
    out.push(
      'too few points for a rolling back-test: the interval rests on the other benchmarks and the bootstrap',
    )
  for (const f of forms) if (f.weight > 0 && !f.converged) out.push(`${f.form} did not converge`)
  return out
}

/** A run that is off, in words. */
export function offRungText({ run, source, off }: OffRung): string {
  return `${run} lies ${(100 * Math.abs(off)).toFixed(1)} points ${off < 0 ? 'below' : 'above'} the law of the other runs (${source}): check it, or leave it out`
}
