import type { Estimate } from '../estimate.js'
import type { TokenizedUnits } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { ratioOfCounts, shareOfCounts } from './units-of-text.js'

/**
 * Fertility, tokens a word: Σ tokens / Σ words, words split at white space (docs/methods/tokenizer.md).
 *
 * @returns in tokens/word, bootstrap over units of text; n is their number
 *
 * Source: Ács, "Exploring BERT's vocabulary" (2019); Rust et al., arXiv:2012.15613, §3.1.
 */
export function fertility({ tokens, words }: TokenizedUnits, random: Random, level: number): Estimate {
  return ratioOfCounts(tokens, words, 'tokens/word', random, level)
}

/**
 * Share of words that take two tokens or more.
 *
 * @returns a share, bootstrap over units of text; Wilson's interval where none or all do
 *
 * Source: Rust et al., arXiv:2012.15613, §3.1 (proportion of continued words).
 */
export function continuedWords(
  { continuedWords: continued, words }: TokenizedUnits,
  random: Random,
  level: number,
): Estimate {
  return shareOfCounts(continued, words, random, level)
}
