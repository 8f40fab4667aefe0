import type { PrefixChoice, PrefixTokens, SpecialToken } from '../core/index.js'
import { raise } from './errors.js'

/** Special tokens as a tokenizer's own file names them. */
export interface SpecialTokens {
  readonly bos: number | null
  readonly eos: number | null
  /** Whether the tokenizer puts BOS before a text by itself. */
  readonly addsBos: boolean
  readonly vocabularySize: number
  /** A token as people read it. */
  text(token: number): string
}

/**
 * The tokens in front of documents and prompts.
 *
 * `auto`: a document gets one prefix token, BOS, else EOS; a prompt gets what the tokenizer puts there by default.
 *
 * Source: lm-evaluation-harness 0.4.13, `prefix_token_id`, `loglikelihood_rolling`, `tok_encode` in
 * lm_eval/models/huggingface.py.
 * Differs: with a tokenizer that adds BOS itself the harness's rolling windows begin with two of them and score the
 * second; here a document never has two.
 *
 * @throws {AssayError} `engines/no-such-token` when the file names no such token, or the id is not in the vocabulary
 */
export function choosePrefix(special: SpecialTokens, choice: PrefixChoice = 'auto'): PrefixTokens {
  const { bos, eos, addsBos } = special
  const token = (id: number | null): SpecialToken | null =>
    id === null ? null : { id, text: special.text(id) }
  if (choice === 'auto') return { choice, document: token(bos ?? eos), prompt: token(addsBos ? bos : null) }
  if (choice === 'none') return { choice, document: null, prompt: null }
  const id = choice === 'bos' ? bos : choice === 'eos' ? eos : choice
  if (id === null)
    throw raise('no-such-token', `the model's file names no ${choice.toString().toUpperCase()} token`)
  if (!Number.isInteger(id) || id < 0 || id >= special.vocabularySize)
    throw raise(
      'no-such-token',
      `found ${id}, the vocabulary has ids from 0 to ${special.vocabularySize - 1}`,
    )
  return { choice, document: token(id), prompt: token(id) }
}
