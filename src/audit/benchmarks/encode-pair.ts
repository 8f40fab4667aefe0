import { type OpenedModel, trailingSpace } from '../../core/index.js'
import { behind } from '../gather/prefix.js'
import { utf8Length } from '../texts/passages.js'

/** A context and what is scored behind it, as token ids, and what there is to say of their border. */
export interface EncodedPair {
  readonly context: Int32Array
  readonly continuation: Int32Array
  /** UTF-8 bytes of what the continuation's tokens stand for. */
  readonly bytes: number
  /** The context's own last tokens are not those that it has before the continuation. */
  readonly spans: boolean
  /** The text began with the token in front, which stands there once. */
  readonly doubleBos: boolean
}

/** Contexts are asked about several times in a row: the last one's tokens are kept. */
interface Held {
  readonly text: string
  readonly tokens: Int32Array
  readonly doubleBos: boolean
}

/**
 * Pairs as lm-evaluation-harness 0.4.13 encodes them (`TemplateLM._encode_pair` and `loglikelihood`): blanks that end the
 * context go to the continuation; whole = encode(context + continuation); the continuation's ids are those of the whole
 * behind as many as encode(context) has. An empty context is the token in front of documents.
 */
export class PairEncoder {
  #held: Held | undefined

  constructor(private readonly model: Pick<OpenedModel, 'tokenizer' | 'prefix'>) {}

  #encode(text: string): Omit<Held, 'text'> {
    const { tokenizer, prefix } = this.model
    const special = prefix.prompt ?? prefix.document
    const doubleBos = special !== null && special.text !== '' && text.startsWith(special.text)
    const tokens = tokenizer.tokenize(doubleBos ? text.slice(special.text.length) : text)
    return { tokens: behind(doubleBos ? special : prefix.prompt, tokens), doubleBos }
  }

  context(text: string): Held {
    if (this.#held?.text !== text) this.#held = { text, ...this.#encode(text) }
    return this.#held
  }

  pair(context: string, continuation: string): EncodedPair {
    const blank = trailingSpace(context)
    const stem = context.slice(0, context.length - blank.length)
    if (stem === '') return this.#unconditioned(blank + continuation)
    const { tokens, doubleBos } = this.context(stem)
    const whole = this.#encode(stem + blank + continuation).tokens
    const behindContext = whole.subarray(tokens.length)
    const spans = tokens.some((id, i) => whole[i] !== id)
    return {
      context: tokens,
      continuation: behindContext,
      // A token that spans the border is scored as a whole, or not at all.
      bytes: spans ? this.#bytesOf(behindContext) : utf8Length(blank + continuation),
      spans,
      doubleBos,
    }
  }

  #unconditioned(continuation: string): EncodedPair {
    const { tokenizer, prefix } = this.model
    const ids = tokenizer.tokenize(continuation)
    const first = prefix.document?.id
    const common = { spans: false, doubleBos: false }
    const bytes = utf8Length(continuation)
    // With nothing in front the first token is not scored.
    return first === undefined || ids[0] === first
      ? {
          context: ids.slice(0, 1),
          continuation: ids.slice(1),
          bytes: bytes - this.#bytesOf(ids.subarray(0, 1)),
          ...common,
        }
      : { context: Int32Array.of(first), continuation: ids, bytes, ...common }
  }

  #bytesOf(tokens: Int32Array): number {
    return tokens.reduce((sum, token) => sum + this.model.tokenizer.tokenBytes(token).length, 0)
  }
}
