import { type OpenedModel, type TaskPlan, type Trial, tokenizeContinuation } from '../../core/index.js'
import { promptBehind } from '../gather/prefix.js'

/** Token ids of a trial's prompt, piece by piece, and of each of its choices. */
export interface TrialTokens {
  readonly prompt: readonly Int32Array[]
  readonly choices: readonly Int32Array[]
  /** Tokens of the prompt with its longest choice, the token in front included. */
  readonly length: number
}

/**
 * Prompts as token ids. Pieces (a query, an answer, a separator) are tokenized apart, so that an answer has the same
 * tokens where it is shown and where it is asked, and every piece is tokenized once.
 */
export class PromptTokenizer {
  readonly #pieces = new Map<string, Int32Array>()
  readonly #first = new Map<string, Int32Array>()

  constructor(private readonly model: Pick<OpenedModel, 'tokenizer' | 'prefix'>) {}

  #held(cache: Map<string, Int32Array>, text: string, make: (text: string) => Int32Array): Int32Array {
    const held = cache.get(text) ?? make(text)
    cache.set(text, held)
    return held
  }

  /** A piece that goes on from another. */
  piece(text: string): Int32Array {
    return this.#held(this.#pieces, text, (t) => tokenizeContinuation(this.model.tokenizer, t))
  }

  /** The piece that a prompt begins with, behind the token in front. */
  #beginning(text: string): Int32Array {
    const { tokenizer, prefix } = this.model
    return this.#held(this.#first, text, (t) => promptBehind(prefix, tokenizer.tokenize(t)))
  }

  trial({ lead, separator }: TaskPlan, { shots, query, choices }: Trial): TrialTokens {
    const texts = [...shots.flatMap((s) => [`${s.query}${lead}`, s.answer, separator]), `${query}${lead}`]
    const prompt = texts.map((text, i) => (i === 0 ? this.#beginning(text) : this.piece(text)))
    const answers = choices.map((choice) => this.piece(choice))
    const of = (parts: readonly Int32Array[]): number => parts.reduce((n, part) => n + part.length, 0)
    return {
      prompt,
      choices: answers,
      length: of(prompt) + Math.max(...answers.map((answer) => answer.length)),
    }
  }

  /** What conditions a choice when nothing is asked: the lead behind the token in front, or a line end. */
  unasked({ lead }: TaskPlan): Int32Array {
    const { tokenizer, prefix } = this.model
    const stem = promptBehind(prefix, tokenizer.tokenize(lead.trimStart()))
    return stem.length > 0 ? stem : tokenizer.tokenize('\n')
  }
}
