import {
  bytesPerToken,
  continuedWords,
  type Estimate,
  exact,
  fallbackRate,
  fertility,
  languageGini,
  notEstimable,
  parity,
  type Random,
  RENYI_ALPHAS,
  renyiEfficiency,
  sum,
  type TokenizedText,
  type TokenizerEvidence,
} from '../../core/index.js'

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

/** Language that the others are held against. */
const PIVOT = 'en'

function pivotOf(evidence: TokenizerEvidence): TokenizedText | undefined {
  return evidence.texts.find((t) => t.language === PIVOT)
}

/** Per-text efficiency; parity against the English text. */
export function measureTexts(evidence: TokenizerEvidence, random: Random, level: number): TextEfficiency[] {
  const base = pivotOf(evidence)
  return evidence.texts.map((text) => {
    const { units, counts, name, language } = text
    const own = random.derive(name)
    return {
      name,
      ...(language === undefined ? {} : { language }),
      bytesPerToken: bytesPerToken(units, own.derive('bytes'), level),
      fertility: fertility(units, own.derive('fertility'), level),
      continuedWords: continuedWords(units, own.derive('continued'), level),
      fallbackRate: fallbackRate(units, own.derive('fallback'), level),
      renyiEfficiency: RENYI_ALPHAS.map((alpha) => {
        const efficiency = renyiEfficiency(counts.counts, alpha)
        return efficiency === null
          ? notEstimable('fewer than two token types')
          : exact(efficiency, 'share', sum(counts.counts))
      }),
      ...(language === undefined || base === undefined
        ? {}
        : {
            // The pivot costs itself by definition: nothing was estimated.
            parity:
              text === base ? exact(1, 'ratio', units.tokens.length) : parity(base.units, units, own, level),
          }),
    }
  })
}

/** How unevenly the parallel languages are served. */
export function measureInequality(evidence: TokenizerEvidence, random: Random, level: number): Estimate {
  return languageGini(evidence.texts, pivotOf(evidence), random, level)
}

/** Token ids that occurred in any of the texts. */
export function usedTypes(evidence: TokenizerEvidence): number {
  const used = new Set<number>()
  for (const { counts } of evidence.texts) for (const id of counts.ids) used.add(id)
  return used.size
}
