import type { Estimate } from '../estimate.js'
import type { TokenizedUnits } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { ratioOfCounts } from './units-of-text.js'

/**
 * Bytes of UTF-8 that a token stands for, Σ bytes / Σ tokens: how much text fits into a context, and what it costs.
 *
 * @returns in bytes/token, bootstrap over units of text; n is their number
 */
export function bytesPerToken({ bytes, tokens }: TokenizedUnits, random: Random, level: number): Estimate {
  return ratioOfCounts(bytes, tokens, 'bytes/token', random, level)
}
