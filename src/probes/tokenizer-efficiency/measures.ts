import {
  bootstrapRatio,
  type Estimate,
  estimate,
  exact,
  notEstimable,
  type Random,
  type TokenizedText,
  type TokenizerEvidence,
} from '../../core/index.js'

/** Default order of Rényi efficiency (Zouhar et al., ACL 2023). */
export const RENYI_ALPHA = 2.5

/**
 * Rényi efficiency of a token distribution, H_α / log₂ V with H_α = log₂(Σ p^α)/(1 − α) and V the number of
 * observed types.
 *
 * @param counts occurrences by type, each > 0, shape (V)
 * @returns in (0, 1], or null when fewer than two types were seen
 *
 * Source: Zouhar et al. 2023, "Tokenization and the Noiseless Channel"; goldens of tokenization-scorer in the test.
 */
export function renyiEfficiency(counts: ArrayLike<number>, alpha: number = RENYI_ALPHA): number | null {
  const types = counts.length
  if (types < 2) return null
  let total = 0
  for (let i = 0; i < types; i++) total += counts[i]
  let power = 0
  for (let i = 0; i < types; i++) power += (counts[i] / total) ** alpha
  return Math.log2(power) / (1 - alpha) / Math.log2(types)
}

/** Gini coefficient Σ(2i − n − 1)x_i / (n Σ x), x ascending, i from 1: 0 = all alike (METHODS §7). */
export function gini(values: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  let weighted = 0
  let total = 0
  sorted.forEach((x, i) => {
    weighted += (2 * (i + 1) - n - 1) * x
    total += x
  })
  return n === 0 || total === 0 ? null : weighted / (n * total)
}

/** How the tokenizer serves one text. */
export interface TextEfficiency {
  readonly name: string
  readonly language?: string
  readonly bytesPerToken: Estimate
  readonly fertility: Estimate
  readonly continuedWords: Estimate
  readonly fallbackRate: Estimate
  readonly renyiEfficiency: Estimate
  /** Tokens of this language for the tokens of the pivot on the same sentences; > 1 = dearer. */
  readonly parity?: Estimate
}

function ratio(numerator: number, denominator: number, unit: string, n: number): Estimate {
  return denominator === 0 ? notEstimable('the text has no words') : exact(numerator / denominator, unit, n)
}

/** Share with Wilson's interval: counts of tokens or words are a sample of the language. */
function share(hits: number, of: number, level: number): Estimate {
  if (of === 0) return notEstimable('nothing to count')
  const z = level >= 0.99 ? 2.576 : level >= 0.95 ? 1.96 : 1.2816
  const p = hits / of
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  return estimate(
    p,
    { low: Math.max(0, centre - half), high: Math.min(1, centre + half), level },
    'share',
    of,
  )
}

/** Parity |t(A)|/|t(B)| on parallel sentences (Petrov et al., arXiv 2305.15425), bootstrap over sentence pairs. */
function parityTo(pivot: TokenizedText, text: TokenizedText, random: Random, level: number): Estimate {
  const [a, b] = [text.lineTokens, pivot.lineTokens]
  if (a === undefined || b === undefined || a.length !== b.length)
    return notEstimable('no parallel lines with the pivot language')
  const units = Array.from(a, (tokens, i) => ({ numerator: tokens, denominator: b[i] }))
  if (units.length < 2) return notEstimable('fewer than two parallel sentences')
  const { value, interval } = bootstrapRatio(units, random, level)
  return estimate(value, interval, 'ratio', units.length)
}

/** Per-text efficiency; parity against the text whose language is `pivot`. */
export function measureTexts(
  evidence: TokenizerEvidence,
  random: Random,
  level: number,
  pivot = 'en',
): TextEfficiency[] {
  const base = evidence.texts.find((t) => t.language === pivot && t.lineTokens !== undefined)
  return evidence.texts.map((text) => {
    const renyi = renyiEfficiency(text.counts.counts)
    const parallel = text.lineTokens !== undefined && base !== undefined
    return {
      name: text.name,
      ...(text.language === undefined ? {} : { language: text.language }),
      bytesPerToken: ratio(text.bytes, text.tokens, 'bytes/token', text.tokens),
      fertility: ratio(text.tokens, text.words, 'tokens/word', text.words),
      continuedWords: share(text.continuedWords, text.words, level),
      fallbackRate: share(text.fallbackTokens, text.tokens, level),
      renyiEfficiency:
        renyi === null ? notEstimable('fewer than two token types') : exact(renyi, 'share', text.tokens),
      ...(parallel ? { parity: parityTo(base, text, random.derive(text.name), level) } : {}),
    }
  })
}

/** Token ids that occurred in any of the texts. */
export function usedTypes(evidence: TokenizerEvidence): number {
  const used = new Set<number>()
  for (const { counts } of evidence.texts) for (const id of counts.ids) used.add(id)
  return used.size
}
