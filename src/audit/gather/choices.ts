import { type OpenedModel, type ScoreRequest, tokenizeContinuation } from '../../core/index.js'
import { promptBehind } from './prefix.js'

/** A multiple-choice item: the context, its continuations as they would be written, and which is right. */
export interface ChoiceItem {
  readonly id: string
  readonly context: string
  readonly choices: readonly string[]
  readonly gold: number
}

/** What the model made of one item. Log-likelihoods are sums over the continuation's tokens, nats. */
export interface ScoredChoice {
  readonly id: string
  readonly logLikelihoods: readonly number[]
  /** UTF-8 bytes of each continuation. */
  readonly bytes: readonly number[]
  readonly gold: number
}

/** Items that go to the engine together: enough to fill its batches, few enough to stop between. */
const ITEMS_A_CALL = 64

/**
 * Score every choice given its context. Context and continuation are tokenized apart, as the prompt is in
 * generation, so that all choices of an item share the context's tokens and it is evaluated once.
 */
export async function scoreChoices(
  { scorer, tokenizer, prefix }: OpenedModel,
  items: readonly ChoiceItem[],
  onProgress: (done: number) => void = () => {},
): Promise<ScoredChoice[]> {
  const scored: ScoredChoice[] = []
  for (let start = 0; start < items.length; start += ITEMS_A_CALL) {
    const group = items.slice(start, start + ITEMS_A_CALL)
    const requests = group.flatMap(({ context, choices }): ScoreRequest[] => {
      const stem = promptBehind(prefix, tokenizer.tokenize(context))
      return choices.map((choice) => {
        const ids = tokenizeContinuation(tokenizer, choice)
        const room = (scorer.contextLength ?? Number.POSITIVE_INFINITY) + 1 - ids.length
        const kept = stem.slice(Math.max(0, stem.length - room))
        return { tokens: Int32Array.from([...kept, ...ids]), from: Math.max(1, kept.length) }
      })
    })
    const results = await scorer.score(requests)
    let at = 0
    for (const { id, choices, gold } of group) {
      const own = results.slice(at, at + choices.length)
      at += choices.length
      scored.push({
        id,
        gold,
        logLikelihoods: own.map((values) => values.reduce((sum, v) => sum + v, 0)),
        bytes: choices.map((choice) => Buffer.byteLength(choice, 'utf8')),
      })
    }
    onProgress(scored.length)
  }
  return scored
}

/** Index of the best choice by summed log-likelihood (`acc`), or by log-likelihood a byte (`acc_norm`). */
export function bestChoice(item: ScoredChoice, normalised: boolean): number {
  const values = item.logLikelihoods.map((ll, i) => (normalised ? ll / item.bytes[i] : ll))
  return values.indexOf(Math.max(...values))
}
