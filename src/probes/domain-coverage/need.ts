import {
  type DataExponent,
  type Estimate,
  estimate,
  median,
  notEstimable,
  percentileInterval,
  type Random,
  studentQuantile,
} from '../../core/index.js'
import type { DomainExcess } from './excess.js'

const DRAWS = 1000
/** Half of a step of `uniform`, so that a draw lies within (0, 1). */
const NOT_ZERO = 2 ** -33
/** Text of a domain that would mend its loss, in megabytes (10⁶ bytes). */
export interface Need {
  /** Halves what its ln loss lies above the expected. */
  readonly half: Estimate
  /** As much as a domain of this corpus has that is predicted as expected, less what it has. */
  readonly whole: Estimate
}

/**
 * How much text of its kind would mend a domain. Its loss falls as (D_T + b)^−alpha with its own text b, D_T being what the
 * rest of the corpus is worth to it (effective data transferred); it lies where it is expected once b is what other domains have.
 *
 * @param others bytes of the domains that the corpus has
 *
 * Source: docs/methods/corpus.md#domain-coverage; D_E = D_F + D_T of Hernandez et al., arXiv:2102.01293.
 */
export function needOf(
  { bytes, range, log }: Pick<DomainExcess, 'bytes' | 'range' | 'log'>,
  others: readonly number[],
  alpha: DataExponent,
  { random, level }: { readonly random: Random; readonly level: number },
): Need {
  const more = others.filter((b) => b > (range?.high ?? bytes ?? Infinity))
  if (bytes === null || log === null || more.length === 0) {
    const none = notEstimable('how much of such text the corpus has is not told')
    return { half: none, whole: none }
  }
  const [halves, wholes] = [new Float64Array(DRAWS), new Float64Array(DRAWS)]
  for (let i = 0; i < DRAWS; i++) {
    const own = range === undefined ? bytes : range.low + random.uniform() * (range.high - range.low)
    const gap = more[random.integer(more.length)] - own
    const exponent = alpha.low * (alpha.high / alpha.low) ** random.uniform()
    // What is high beyond doubt is above 0.
    const x = Math.max(
      1e-3,
      log.value + log.error * studentQuantile(random.uniform() + NOT_ZERO, log.degrees),
    )
    const effective = Math.max(own, gap / Math.expm1(x / exponent))
    wholes[i] = gap / 1e6
    halves[i] = (Math.sqrt(effective * (effective + gap)) - effective) / 1e6
  }
  const of = (draws: Float64Array): Estimate => {
    const sorted = draws.toSorted()
    return estimate(median(sorted), percentileInterval(sorted, level), 'MB', more.length)
  }
  return { half: of(halves), whole: of(wholes) }
}
