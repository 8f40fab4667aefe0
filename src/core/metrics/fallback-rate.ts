import type { Estimate } from '../estimate.js'
import type { TokenizedUnits } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { shareOfCounts } from './units-of-text.js'

/**
 * Share of tokens that stand for raw bytes or for "unknown": characters that the vocabulary lacks.
 *
 * @returns a share, bootstrap over units of text; Wilson's interval where none or all do
 */
export function fallbackRate(
  { fallbackTokens, tokens }: TokenizedUnits,
  random: Random,
  level: number,
): Estimate {
  return shareOfCounts(fallbackTokens, tokens, random, level)
}
