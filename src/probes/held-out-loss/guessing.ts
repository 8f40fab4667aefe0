import { type Finding, groupBy, type ModelEvidence, type SurprisalEvidence } from '../../core/index.js'

/** Fewer tokens may cost more than guessing by their rarity alone. */
const LEAST_TOKENS = 32
/** Nats a token above even guessing that rounding does not explain. */
const MARGIN = 0.01

/**
 * Domains whose tokens cost more than if all of the vocabulary were equally likely, ln V nats each
 * (docs/methods/surprisal.md#worse-than-guessing).
 */
export function guessingFinding(
  model: ModelEvidence | undefined,
  { documents }: SurprisalEvidence,
): Finding[] {
  const vocabulary = model?.vocabularySize
  if (vocabulary === undefined || vocabulary < 2) return []
  const even = Math.log(vocabulary)
  const worse = [...groupBy(documents, (d) => d.domain)].flatMap(([domain, own]) => {
    const tokens = own.reduce((n, d) => n + d.tokens.length, 0)
    const nats = -own.reduce((sum, d) => d.logLikelihoods.reduce((part, v) => part + v, sum), 0) / tokens
    return tokens >= LEAST_TOKENS && nats > even + MARGIN ? [`${domain} (${nats.toFixed(2)})`] : []
  })
  if (worse.length === 0) return []
  return [
    {
      probe: 'held-out-loss',
      code: 'held-out-loss/worse-than-guessing',
      status: 'warn',
      title: `Text is predicted worse than by guessing evenly among all tokens, at ${even.toFixed(2)} nats a token: ${worse.join(', ')}`,
      action:
        'See whether tokenizer and weights belong together (the same pieces under other ids give such numbers), and whether the weights were saved and converted whole.',
      detail: `Guessing evenly costs ln ${vocabulary} nats for each token; any model that has learnt how often tokens occur costs less on text like what it was trained on.`,
      sources: ['docs/methods/surprisal.md#worse-than-guessing', 'evidence: model, surprisal'],
    },
  ]
}
