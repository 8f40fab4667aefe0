import {
  bootstrap,
  bootstrapRatio,
  type Estimate,
  estimate,
  exact,
  notEstimable,
  percentileInterval,
  type Random,
  sum,
  type TokenizedText,
  type TokenizedUnits,
  type TokenizerEvidence,
  wilsonInterval,
} from '../../core/index.js'

/** Orders of Rényi efficiency: 2.5 went best with translation quality (Zouhar et al., ACL 2023), 3 is often quoted. */
export const RENYI_ALPHAS: readonly [number, number] = [2.5, 3]

/**
 * Rényi efficiency of a token distribution, H_α / log₂ V with H_α = log₂(Σ p^α)/(1 − α) and V the number of
 * observed types.
 *
 * @param counts occurrences by type, each > 0, shape (V)
 * @returns in (0, 1], or null when fewer than two types were seen
 *
 * Source: Zouhar et al. 2023, "Tokenization and the Noiseless Channel"; goldens of tokenization-scorer in the test.
 */
export function renyiEfficiency(counts: ArrayLike<number>, alpha: number): number | null {
  const types = counts.length
  if (types < 2) return null
  let total = 0
  for (let i = 0; i < types; i++) total += counts[i]
  let power = 0
  for (let i = 0; i < types; i++) power += (counts[i] / total) ** alpha
  return Math.log2(power) / (1 - alpha) / Math.log2(types)
}

/**
 * Gini coefficient Σ(2i − n − 1)x_i / (n Σ x), x ascending, i from 1: 0 = all alike (docs/methods/tokenizer.md#gini).
 */
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

const GINI_RESAMPLES = 500

/** How the tokenizer serves one text. */
export interface TextEfficiency {
  readonly name: string
  readonly language?: string
  readonly bytesPerToken: Estimate
  readonly fertility: Estimate
  readonly continuedWords: Estimate
  readonly fallbackRate: Estimate
  /** By order, as `RENYI_ALPHAS`. It describes these very tokens, and falls as a text grows longer. */
  readonly renyiEfficiency: readonly Estimate[]
  /** Tokens of this language for the tokens of the pivot on the same sentences; > 1 = dearer. */
  readonly parity?: Estimate
}

/** Σ numerator / Σ denominator, bootstrap over units (blocks of text, or sentences). */
function ratio(
  numerator: Int32Array,
  denominator: Int32Array,
  unit: string,
  random: Random,
  level: number,
): Estimate {
  const units = Array.from(numerator, (value, i) => ({ numerator: value, denominator: denominator[i] }))
  if (sum(denominator) === 0) return notEstimable('there is nothing to count in this text')
  if (units.length < 2) return notEstimable('the text is too short: one block of it gives no interval')
  const { value, interval } = bootstrapRatio(units, random, level)
  return estimate(value, interval, unit, units.length)
}

/** As `ratio`, within [0, 1]; where none or all are hit Wilson's interval, since resampling would be certain. */
function share(hits: Int32Array, of: Int32Array, random: Random, level: number): Estimate {
  const drawn = ratio(hits, of, 'share', random, level)
  if (drawn.kind === 'notEstimable') return drawn
  const { value, interval } = drawn
  const bounds =
    value === 0 || value === 1
      ? wilsonInterval(sum(hits), sum(of), level)
      : { low: Math.max(0, interval.low), high: Math.min(1, interval.high), level }
  return estimate(value, bounds, 'share', drawn.n)
}

function parallelTo(pivot: TokenizedUnits, units: TokenizedUnits): boolean {
  return pivot.tokens.length === units.tokens.length && pivot.tokens.length > 1
}

/** Parity |t(A)|/|t(B)| on parallel sentences (Petrov et al., arXiv 2305.15425), bootstrap over sentence pairs. */
function parityTo(pivot: TokenizedText, text: TokenizedText, random: Random, level: number): Estimate {
  return parallelTo(pivot.units, text.units)
    ? ratio(text.units.tokens, pivot.units.tokens, 'ratio', random, level)
    : notEstimable('no parallel lines with the pivot language')
}

/** The parallel text of a language that the others are held against. */
function pivotOf(evidence: TokenizerEvidence, language: string): TokenizedText | undefined {
  return evidence.texts.find((t) => t.language === language)
}

/** Per-text efficiency; parity against the text whose language is `pivot`. */
export function measureTexts(
  evidence: TokenizerEvidence,
  random: Random,
  level: number,
  pivot = 'en',
): TextEfficiency[] {
  const base = pivotOf(evidence, pivot)
  return evidence.texts.map((text) => {
    const { units, counts, name, language } = text
    const own = random.derive(name)
    return {
      name,
      ...(language === undefined ? {} : { language }),
      bytesPerToken: ratio(units.bytes, units.tokens, 'bytes/token', own.derive('bytes'), level),
      fertility: ratio(units.tokens, units.words, 'tokens/word', own.derive('fertility'), level),
      continuedWords: share(units.continuedWords, units.words, own.derive('continued'), level),
      fallbackRate: share(units.fallbackTokens, units.tokens, own.derive('fallback'), level),
      renyiEfficiency: RENYI_ALPHAS.map((alpha) => {
        const efficiency = renyiEfficiency(counts.counts, alpha)
        return efficiency === null
          ? notEstimable('fewer than two token types')
          : exact(efficiency, 'share', sum(counts.counts))
      }),
      ...(language === undefined || base === undefined ? {} : { parity: parityTo(base, text, own, level) }),
    }
  })
}

/**
 * Gini coefficient of tokens a sentence over parallel languages, bootstrap over sentences: 0 = every language
 * costs the same.
 */
export function languageGini(
  evidence: TokenizerEvidence,
  random: Random,
  level: number,
  pivot = 'en',
): Estimate {
  const base = pivotOf(evidence, pivot)
  const parallel = evidence.texts.filter(
    (t) => t.language !== undefined && base !== undefined && parallelTo(base.units, t.units),
  )
  const reason = 'no parallel text in two languages or more'
  if (base === undefined || parallel.length < 2) return notEstimable(reason)
  const lines = base.units.tokens.length
  const giniOf = (drawn?: Int32Array): number =>
    gini(
      parallel.map(({ units }) =>
        units.tokens.reduce((n, t, i) => n + t * (drawn === undefined ? 1 : drawn[i]), 0),
      ),
    ) ?? Number.NaN
  const draws = bootstrap(lines, giniOf, random, GINI_RESAMPLES)
  return estimate(giniOf(), percentileInterval(draws, level), 'Gini', lines)
}

/** Token ids that occurred in any of the texts. */
export function usedTypes(evidence: TokenizerEvidence): number {
  const used = new Set<number>()
  for (const { counts } of evidence.texts) for (const id of counts.ids) used.add(id)
  return used.size
}
