import {
  DEFAULT_LEVEL,
  type Estimate,
  exact,
  mapEstimate,
  sampledRatio,
  type TextTokenizer,
} from '../../core/index.js'
import { type CorpusProfile, drawnDocuments, type ProfileSettings } from '../../corpus/index.js'

/** Text that is cut into tokens; of larger corpora so much of it is drawn. */
const BYTES = 4e6

/**
 * Tokens of what a profile has read: counted where that is little, else tokens a byte of stretches drawn by the seed (ratio estimator,
 * stretches as clusters) times its bytes. Text of special tokens counts as ordinary text; no mark is added between documents.
 *
 * Source: docs/methods/corpus.md#profile
 */
export async function countTokens(
  tokenizer: TextTokenizer,
  settings: ProfileSettings,
  { bytes }: Pick<CorpusProfile, 'bytes'>,
  seed: number,
): Promise<Estimate> {
  const inputs = settings.corpora.map(({ input }) => input)
  const { stretches, drawnFrom } = await drawnDocuments(
    inputs,
    settings,
    { bytes: BYTES, of: bytes, seed },
    (text) => ({ tokens: tokenizer.tokenize(text).length, bytes: Buffer.byteLength(text) }),
  )
  const sums = stretches.map((documents) => ({
    x: documents.reduce((sum, { tokens }) => sum + tokens, 0),
    y: documents.reduce((sum, d) => sum + d.bytes, 0),
  }))
  const total = (of: (s: (typeof sums)[number]) => number): number => sums.reduce((n, s) => n + of(s), 0)
  const documents = stretches.reduce((n, s) => n + s.length, 0)
  const tokens = total(({ x }) => x)
  if (sums.length === drawnFrom) return exact(tokens, 'tokens', documents)
  const perByte = sampledRatio(
    {
      units: sums.length,
      x: tokens,
      y: total(({ y }) => y),
      xx: total(({ x }) => x * x),
      xy: total(({ x, y }) => x * y),
      yy: total(({ y }) => y * y),
    },
    sums.length / drawnFrom,
    'tokens/byte',
    DEFAULT_LEVEL,
  )
  return mapEstimate(perByte, 'tokens', (ratio) => ratio * bytes)
}
