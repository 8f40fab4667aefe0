import type { Fact, OpenedModel } from '../../core/index.js'
import { behind, promptBehind } from '../gather/prefix.js'
import type { Template } from './templates.js'

/** Solved examples before the question stand on lines of their own. */
const SHOT_SEPARATOR = '\n'

/** A template filled with a subject; an object between `before` and `after` makes the sentence. */
export interface Question {
  readonly before: string
  readonly after: string
}

export function fill(template: Template, subject: string): Question {
  // A function, because a replacement string would read `$&` and `$$` in a subject as patterns.
  const put = (text: string): string => text.replaceAll('[X]', () => subject.trim())
  return { before: put(template.before), after: put(template.after) }
}

/** A question with its object in place, as an example for few-shot prompts. */
function solved(template: Template, fact: Fact): string {
  const { before, after } = fill(template, fact.subject)
  return `${before}${fact.object}${after}${SHOT_SEPARATOR}`
}

/**
 * Solved examples for a fact: the first k of the relation's own order that are neither the fact, nor about its
 * subject, nor answered by its object; in relations of few objects the last rule is given up.
 */
export function shotsFor(fact: Fact, template: Template, order: readonly Fact[], k: number): string {
  if (k === 0) return ''
  const others = order.filter((f) => f.fact_id !== fact.fact_id && f.subject !== fact.subject)
  const clean = others.filter((f) => f.object !== fact.object && !fact.aliases.includes(f.object))
  const chosen = (clean.length < k ? others : clean).slice(0, k)
  return chosen.map((f) => solved(template, f)).join('')
}

function tokensOf({ tokenizer, prefix }: OpenedModel, text: string): Int32Array {
  return promptBehind(prefix, tokenizer.tokenize(text))
}

/** The prompt that a completion goes on from; the space before the object belongs to the completion. */
export function promptTokens(model: OpenedModel, shots: string, { before }: Question): Int32Array {
  return tokensOf(model, `${shots}${before}`.trimEnd())
}

/**
 * Sentences for every candidate, and the first token that is scored: the same for all of them, where the first
 * candidate leaves the prompt's own tokens, so that all are conditioned on one prompt.
 *
 * @returns `tokens` in the order of `objects`; `from` ≥ 1
 */
export function candidateTokens(
  model: OpenedModel,
  shots: string,
  question: Question,
  objects: readonly string[],
): { tokens: Int32Array[]; from: number } {
  const prompt = promptTokens(model, shots, question)
  const tokens = objects.map((object) =>
    behind(
      model.prefix.prompt,
      model.tokenizer.tokenize(`${shots}${question.before}${object}${question.after}`),
    ),
  )
  let from = prompt.length
  for (const sentence of tokens) {
    let common = 0
    while (common < from && sentence[common] === prompt[common]) common++
    from = common
  }
  if (from > 0) return { tokens, from }
  // Candidates that differ in their first token: the token in front of documents conditions it, where there is one.
  return { tokens: tokens.map((sentence) => behind(model.prefix.document, sentence)), from: 1 }
}
