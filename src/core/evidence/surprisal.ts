import type { PrefixChoice } from './model.js'

/** How text was cut and scored. Figures of two protocols are never compared (docs/methods/surprisal.md#windows). */
export interface ScoringProtocol {
  readonly window: number
  /** Tokens that a window advances: equal to `window` when windows are disjoint. */
  readonly stride: number
  /** Text of the token that conditions the first one, or `none`. */
  readonly prefixToken: string
  /** How it was chosen; absent in older evidence, which means `auto`. */
  readonly prefixChoice?: PrefixChoice
  readonly joinDocuments: false
  /** null where a server does not tell. */
  readonly flashAttention: boolean | null
  /** What the cache of keys and values holds; null where a server does not tell, absent in older evidence. */
  readonly cacheType?: string | null
  readonly engine: string
}

/**
 * One held-out document with the log-probability of every token.
 * `tokens`, `byteLengths` and `logLikelihoods` have one entry a token (natural logarithms);
 * Σ byteLengths = `bytes`, the UTF-8 length of the text.
 */
export interface ScoredDocument {
  readonly domain: string
  readonly document: string
  readonly bytes: number
  /** Words by Python's `\s+` (docs/methods/surprisal.md#bits-per-byte). */
  readonly words: number
  readonly tokens: Int32Array
  readonly byteLengths: Int32Array
  readonly logLikelihoods: Float64Array
}

/** Log-probabilities of held-out texts, document by document, and how they were taken. */
export interface SurprisalEvidence {
  readonly protocol: ScoringProtocol
  readonly documents: readonly ScoredDocument[]
  /** Documents that were offered but not scored, with the reason. */
  readonly skipped: readonly { domain: string; document: string; reason: string }[]
  /** Where each domain's text came from. */
  readonly domains: readonly { domain: string; source: string; licence: string; offered: number }[]
}
