import { type PyDict, type PyValue, SPACE } from './python/value.js'
import type { HelperName } from './task.js'

/** Makes the error for a row that a helper cannot read. */
type Fault = (message: string) => Error

function text(row: PyDict, column: string, fault: Fault): string {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  if (typeof value === 'string') return value
  throw fault(`the column "${column}" holds ${JSON.stringify(value) ?? 'nothing'}, expected text`)
}

const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'gu')
const strip = (value: string): string => value.replace(ENDS, '')

/** Where the blank of a WinoGrande sentence stands. */
function blankOf(row: PyDict, fault: Fault): [before: string, behind: string] {
  const sentence = text(row, 'sentence', fault)
  const at = sentence.indexOf('_')
  if (at < 0) throw fault(`the sentence ${JSON.stringify(sentence)} has no "_"`)
  return [sentence.slice(0, at), sentence.slice(at + 1)]
}

/** A COPA alternative inside the sentence: its first letter is small. */
function alternative(row: PyDict, column: string, fault: Fault): string {
  const [first = '', ...rest] = text(row, column, fault)
  if (first === '') throw fault(`the column "${column}" is empty`)
  return ` ${first.toLowerCase()}${rest.join('')}`
}

const CONNECTORS: Readonly<Record<string, string>> = { cause: 'because', effect: 'therefore' }

const HELPERS: Readonly<Record<HelperName, (row: PyDict, fault: Fault) => PyValue>> = {
  'winogrande.doc_to_text': (row, fault) => {
    const answer = text(row, 'answer', fault)
    if (answer !== '1' && answer !== '2')
      throw fault(`the answer is ${JSON.stringify(answer)}, expected "1" or "2"`)
    return Number(answer) - 1
  },
  'winogrande.doc_to_target': (row, fault) => strip(blankOf(row, fault)[1]),
  'winogrande.doc_to_choice': (row, fault) =>
    ['option1', 'option2'].map((option) => blankOf(row, fault)[0] + text(row, option, fault)),
  'copa.doc_to_text': (row, fault) => {
    const question = text(row, 'question', fault)
    const connector = Object.hasOwn(CONNECTORS, question) ? CONNECTORS[question] : undefined
    if (connector === undefined)
      throw fault(`the question is ${JSON.stringify(question)}, expected "cause" or "effect"`)
    // Without its full stop.
    return `${Array.from(strip(text(row, 'premise', fault)))
      .slice(0, -1)
      .join('')} ${connector}`
  },
  'copa.doc_to_target': (row, fault) => alternative(row, row.label === 0 ? 'choice1' : 'choice2', fault),
  'copa.doc_to_choice': (row, fault) =>
    ['choice1', 'choice2'].map((choice) => alternative(row, choice, fault)),
}

/**
 * What a Python function of lm-evaluation-harness 0.4.13 (`tasks/winogrande/preprocess_winogrande.py`,
 * `tasks/super_glue/copa/utils.py`) gives for a row.
 */
export const callHelper = (helper: HelperName, row: PyDict, fault: Fault): PyValue =>
  HELPERS[helper](row, fault)

/** A HellaSwag text without WikiHow's marks. */
const withoutMarks = (value: string): string =>
  strip(value)
    .replaceAll(' [title]', '. ')
    .replace(/\[[^\n]*?\]/g, '')
    .replaceAll('  ', ' ')

/** `process_docs` of HellaSwag (`tasks/hellaswag/utils.py`): the row with `query`, `choices` and `gold`. */
export function hellaswagRow(row: PyDict, fault: Fault): PyDict {
  const [first = '', ...rest] = text(row, 'ctx_b', fault)
  const context = `${text(row, 'ctx_a', fault)} ${first.toUpperCase()}${rest.join('').toLowerCase()}`
  const { endings, label } = row
  if (!Array.isArray(endings) || endings.some((ending) => typeof ending !== 'string'))
    throw fault(
      `the column "endings" holds ${JSON.stringify(endings) ?? 'nothing'}, expected a list of texts`,
    )
  const gold = /^\s*\d+\s*$/.test(String(label)) ? Number(label) : Number.NaN
  if (Number.isNaN(gold)) throw fault(`the label is ${JSON.stringify(label) ?? 'nothing'}, expected a number`)
  return {
    ...row,
    query: withoutMarks(`${text(row, 'activity_label', fault)}: ${context}`),
    choices: (endings as readonly string[]).map(withoutMarks),
    gold,
  }
}
