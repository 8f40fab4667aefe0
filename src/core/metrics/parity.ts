import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { TokenizedText, TokenizedUnits } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { bootstrap, percentileInterval } from '../stats/bootstrap.js'
import { gini } from './gini.js'
import { ratioOfCounts } from './units-of-text.js'

function isParallel(pivot: TokenizedUnits, units: TokenizedUnits): boolean {
  return pivot.tokens.length === units.tokens.length && pivot.tokens.length > 1
}

/**
 * Tokenization parity |t(A)|/|t(B)|: tokens of a language for those of the pivot on the same sentences; > 1 is dearer.
 *
 * @returns a ratio, bootstrap over sentence pairs; `notEstimable` where the sentences do not pair up
 *
 * Source: Petrov et al., arXiv:2305.15425, §2.
 */
export function parity(
  pivot: TokenizedUnits,
  units: TokenizedUnits,
  random: Random,
  level: number,
): Estimate {
  return isParallel(pivot, units)
    ? ratioOfCounts(units.tokens, pivot.tokens, 'ratio', random, level)
    : notEstimable('no parallel lines with the pivot language')
}

const GINI_RESAMPLES = 500

/**
 * Gini coefficient of tokens a sentence over languages: 0 = every language costs the same.
 *
 * @param pivot text that the others are parallel to; one of `texts`, or undefined where there is none
 * @returns bootstrap over sentences; n is their number
 */
export function languageGini(
  texts: readonly TokenizedText[],
  pivot: TokenizedText | undefined,
  random: Random,
  level: number,
): Estimate {
  const parallel = texts.filter(
    (t) => t.language !== undefined && pivot !== undefined && isParallel(pivot.units, t.units),
  )
  if (pivot === undefined || parallel.length < 2)
    return notEstimable('no parallel text in two languages or more')
  const lines = pivot.units.tokens.length
  const giniOf = (drawn?: Int32Array): number =>
    gini(
      parallel.map(({ units }) =>
        units.tokens.reduce((n, t, i) => n + t * (drawn === undefined ? 1 : drawn[i]), 0),
      ),
    ) ?? Number.NaN
  const draws = bootstrap(lines, giniOf, random, GINI_RESAMPLES)
  return estimate(giniOf(), percentileInterval(draws, level), 'Gini', lines)
}
