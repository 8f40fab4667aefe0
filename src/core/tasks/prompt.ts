import { docToChoice, docToTarget, docToText, ItemFault, shown, textOf } from './fields.js'
import { endsBlank, isList, type PyValue, startsBlank } from './python/value.js'
import type { TaskDocument, TaskTurn } from './task.js'

/** What a turn reads from a row. */
export interface Reading {
  readonly text: string | number
  readonly choices: readonly string[] | null
  readonly target: PyValue
  readonly prefix: string
}

/** Everything that a turn says of a row. */
export function readTurn(turn: TaskTurn, document: TaskDocument): Reading {
  const hasChoices = turn.choice !== null
  return {
    text: docToText(turn.text, document, hasChoices),
    choices: turn.choice === null ? null : docToChoice(turn.choice, document),
    target: turn.target === null ? null : docToTarget(turn.target, document, hasChoices),
    prefix: textOf(turn.prefix, document),
  }
}

/** The context that stands behind a number in `doc_to_text`, where several contexts go before one continuation. */
export function chosen(choices: readonly string[] | null, at: PyValue, field: string): string {
  const choice = choices === null || typeof at !== 'number' ? undefined : choices[at]
  if (choice === undefined)
    throw new ItemFault(
      field,
      `found ${shown(at)}, expected ${choices === null ? 'text' : `0 to ${choices.length - 1}`}`,
    )
  return choice
}

const delimited = (before: string, behind: string, delimiter: string): string =>
  before === '' || behind === '' || endsBlank(before) || startsBlank(behind)
    ? before + behind
    : before + delimiter + behind

/** The answer of an example as text. */
function answerOf({ target, choices }: Reading, field: string): string {
  if (typeof target === 'number' && choices !== null) return chosen(choices, target, field)
  const answer = isList(target) ? target[0] : target
  if (typeof answer === 'string') return answer
  throw new ItemFault(field, `found ${shown(answer)}, expected text`)
}

/** An example: question, delimiter, answer, delimiter. */
export function shownTurn(turn: TaskTurn, document: TaskDocument): string {
  const reading = readTurn(turn, document)
  const several = typeof reading.text === 'number'
  const question = several ? chosen(reading.choices, reading.text, turn.text.name) : String(reading.text)
  if (reading.target === null || reading.target === '')
    return question + lead(question, reading.prefix, turn.targetDelimiter)
  // Behind one of several contexts the answer is always text.
  const answer = answerOf(
    several ? { ...reading, choices: null } : reading,
    turn.target?.name ?? 'doc_to_target',
  )
  const between =
    reading.prefix === '' || (question !== '' && !endsBlank(question) && !startsBlank(reading.prefix))
      ? turn.targetDelimiter
      : ''
  return question + between + delimited(reading.prefix, answer, ' ') + turn.fewshotDelimiter
}

/** What stands between a question without its answer and the continuation: nothing, or the text that answers begin with. */
function lead(question: string, prefix: string, delimiter: string): string {
  if (prefix === '') return ''
  return (question !== '' && !endsBlank(question) && !startsBlank(prefix) ? delimiter : '') + prefix
}

/** The asked question, up to where the continuation begins. */
export const askedTurn = (question: string, prefix: string, delimiter: string): string =>
  question + lead(question, prefix, delimiter)
