import { basename } from 'node:path'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { type RecordRow, readRecords } from './records/read-records.js'
import { goldOf, noChoice } from './task-items.js'

/** An item as it is looked for in a corpus. */
export interface SoughtText {
  readonly id: string
  readonly task: string
  /** The question with what stands before it, or the whole of a text. */
  readonly text: string
  /** In the order in which they are asked; none for a text. */
  readonly choices: readonly string[]
  /** Position of the right choice; null where it is not told. */
  readonly gold: number | null
}

/** Names of a field in the files of the field, the usual first. */
const NAMES = {
  id: ['id', 'ind', 'doc_id'],
  /** What stands before the question. */
  before: ['passage', 'support', 'article', 'story'],
  text: ['text', 'question', 'query', 'goal', 'ctx', 'context', 'sentence', 'premise', 'problem', 'prompt'],
  /** What stands behind it, the same whatever the answer. */
  after: ['continuation', 'hypothesis'],
  choices: ['choices', 'endings', 'options'],
  gold: ['gold', 'answer', 'label', 'answerKey'],
} as const
type Field = keyof typeof NAMES
/** Names that `--columns` knows. */
export const SOUGHT_FIELDS: readonly string[] = [...Object.keys(NAMES), 'question', 'query', 'answer']

/** A choice as it is read; what is no text is empty, so that the others keep their places. */
function textOf(part: unknown): string {
  if (typeof part === 'object' && part !== null) return textOf(Object(part).text)
  return typeof part === 'string' ? part : typeof part === 'number' ? String(part) : ''
}

function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(textOf)
  // `{text: […], label: […]}`, as ARC's own files have it.
  const texts = typeof value === 'object' && value !== null ? Object(value).text : undefined
  return Array.isArray(texts) ? textsOf(texts) : []
}

/** Names of the choices, as ARC's own files have them: answerKey "1" is the first of 1, 2, 3, 4. */
function labelsOf(value: unknown): readonly string[] {
  const labels = Array.isArray(value)
    ? value.map((choice) => Object(choice).label)
    : Object(value ?? {}).label
  return Array.isArray(labels) ? labels.map(String) : []
}

/** Choices that stand in columns of their own: `sol1, sol2`, `option1, option2`. */
function numberedChoices(row: RecordRow, columns: readonly string[]): readonly string[] {
  const names = columns.filter((name) => /^(?:sol|option|choice|ending)_?\d$/.test(name)).sort()
  return names.map((name) => row.get(name)).filter((text) => typeof text === 'string')
}

/**
 * Items to be looked for: `id?, text`, or `question, choices, answer`, under the names that published tasks give them
 * (`query, choices, gold`; `context, continuation`; `context_options, continuation, gold`; `passage, question`; …). JSON Lines,
 * CSV, TSV or Parquet; the task is the file's name, an item without an id has its position from 0.
 *
 * @param columns our field → the file's (`--columns question=prompt`)
 * @throws {AssayError} table/unreadable, malformed, missing-column, empty, bad-value
 */
export async function readSoughtItems(
  path: string,
  columns: Readonly<Record<string, string>> = {},
): Promise<SoughtText[]> {
  const records = await readRecords(path)
  const task = basename(path).replace(/\.\w+(\.(gz|zst))?$/, '')
  const { question, query = question, answer } = columns
  const own: Readonly<Record<string, string>> = {
    ...columns,
    ...(query === undefined ? {} : { text: query }),
    ...(answer === undefined ? {} : { gold: answer }),
  }
  const has = (name: string): boolean => records.columns.includes(name)
  // Rows of one file may be of several forms, so each row is asked by every name.
  const namesOf = (field: Field): readonly string[] => {
    const told = own[field]
    return told === undefined ? NAMES[field] : [told]
  }
  const named: Record<string, string> = {}
  for (const field of Object.keys(NAMES) as Field[]) {
    const column = namesOf(field).find(has)
    if (column !== undefined) named[field] = column
  }
  const fields = new FieldReader(records, named)
  if (!has('context_options') && named.text === undefined)
    throw raise(
      'missing-column',
      `no column holds a text or a question (--columns question=YOURS); the table has ${records.columns.map((name) => `"${name}"`).join(', ')}`,
      { path },
    )
  const seen = new Map<string, number>()
  const valueAt = (row: RecordRow, field: Field): unknown =>
    namesOf(field)
      .map((name) => row.get(name))
      .find((value) => value !== undefined && value !== null && value !== '')
  const stringAt = (row: RecordRow, field: Field): string => {
    const value = valueAt(row, field)
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  }
  // Winogrande counts option1, option2 from one; a file that tells a 0 counts from there.
  const isFromOne = has('option1') && !records.rows.some((row) => String(valueAt(row, 'gold')) === '0')
  const items = records.rows.map((row, index): SoughtText => {
    const told = valueAt(row, 'gold')
    const options = textsOf(row.get('context_options'))
    const listed = textsOf(valueAt(row, 'choices'))
    const choices = listed.length > 0 ? listed : numberedChoices(row, records.columns)
    const among = options.length > 0 ? options : choices
    const labels =
      listed.length === 0 && isFromOne
        ? choices.map((_, i) => String(i + 1))
        : labelsOf(valueAt(row, 'choices'))
    const label = labels.indexOf(String(told))
    const gold = told === undefined ? undefined : label >= 0 ? label : goldOf(told, among)
    // Unlabelled test sets have −1; several right ones are none that stands for the item.
    if (
      told !== undefined &&
      gold === undefined &&
      among.length > 0 &&
      Number(told) !== -1 &&
      !Array.isArray(told)
    )
      fields.fault(row, 'gold', noChoice(told, among))
    const parts = [
      stringAt(row, 'before'),
      options[gold ?? 0] ?? stringAt(row, 'text'),
      stringAt(row, 'after'),
    ]
    const text = parts.filter((part) => part !== '').join(' ')
    if (text.trim() === '') fields.fault(row, 'text', 'found no text, expected a question or a text')
    const id = stringAt(row, 'id') || String(index)
    const given = valueAt(row, 'id')
    if (given !== undefined && typeof given !== 'string' && typeof given !== 'number')
      fields.fault(row, 'id', `found ${JSON.stringify(given)}, expected a text or a number`)
    const before = seen.get(id)
    if (before !== undefined) fields.fault(row, 'id', `the id "${id}" already stands on line ${before}`)
    seen.set(id, row.line)
    return { id, task, text, choices, gold: choices.length > 0 ? (gold ?? null) : null }
  })
  fields.finish()
  if (items.length === 0) throw raise('empty', 'found no items', { path })
  return items
}
