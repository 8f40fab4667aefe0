import { basename } from 'node:path'
import type { TaskItem } from '../core/index.js'
import { counted } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { type RecordRow, readRecords } from './records/read-records.js'

/** Names of a field in the field's own files, the usual first. */
const NAMES = {
  query: ['query', 'question', 'context'],
  gold: ['gold', 'answer', 'label'],
} as const

/** Choices as texts, or what is wrong with them. */
function choicesOf(value: unknown): readonly string[] | string {
  if (!Array.isArray(value) || value.length < 2)
    return `found ${JSON.stringify(value) ?? 'nothing'}, expected a list of two or more texts`
  const bad = value.find((choice) => typeof choice !== 'string' || choice.trim() === '')
  if (bad !== undefined || value.includes(undefined))
    return `found ${JSON.stringify(bad)} among the choices, expected texts that are not empty`
  return value as string[]
}

/** Whether a choice stands twice: it would be right and wrong at once, so that the item tells nothing. */
const hasRepeated = (choices: readonly string[]): boolean =>
  new Set(choices.map((choice) => choice.trim())).size < choices.length

/** Lines of items that are left out, named at most. */
const MOST_NAMED = 5

/** Index of the right choice, told by its text, by number or by letter; undefined where it is none. */
export function goldOf(value: unknown, choices: readonly string[]): number | undefined {
  const text = String(value).trim()
  const asText = typeof value === 'string' ? choices.findIndex((choice) => choice.trim() === text) : -1
  if (asText >= 0) return asText
  const index = /^[A-Za-z]$/.test(text) ? text.toUpperCase().charCodeAt(0) - 65 : Number(text)
  return text !== '' && index in choices ? index : undefined
}

/** What is wrong where {@link goldOf} finds no choice. */
export function noChoice(told: unknown, choices: readonly string[]): string {
  return `found ${JSON.stringify(told) ?? 'nothing'}, expected ${choices.length === 1 ? '0, A' : `an index from 0 to ${choices.length - 1}, a letter`} or a choice's text`
}

/** A task and its items. */
export interface TaskFile {
  readonly task: string
  readonly path: string
  readonly items: readonly TaskItem[]
  /** Items that cannot be asked, with the reason. */
  readonly leftOut: readonly string[]
}

/**
 * Multiple-choice items of a task, one JSON object a line: `query` (or `question`, `context`), `choices`, `gold` (or
 * `answer`, `label`: an index from 0, a letter, or the choice's text), `id` where there is one.
 *
 * @param columns our field → the file's (`--columns query=prompt`)
 * @returns choices begin with a blank, as they are written behind the query; items of which a choice stands twice are left out
 * @throws {AssayError} table/unreadable, malformed, missing-column, empty; table/bad-value with every bad line up to a cap
 */
export async function readTaskItems(
  path: string,
  columns: Readonly<Record<string, string>> = {},
): Promise<TaskFile> {
  const records = await readRecords(path)
  const known = new FieldReader(records, columns)
  const named = (field: keyof typeof NAMES): string =>
    NAMES[field].find((name) => records.columns.includes(name)) ?? NAMES[field][0]
  const fields = new FieldReader(records, { query: named('query'), gold: named('gold'), ...columns })
  fields.require('query', 'choices', 'gold')
  const seen = new Map<string, number>()
  const repeated: number[] = []
  const itemOf = (row: RecordRow): TaskItem[] => {
    const query = fields.text(row, 'query')
    const choices = choicesOf(row.get(fields.columnOf('choices')))
    if (typeof choices === 'string') {
      fields.fault(row, 'choices', choices)
      return []
    }
    if (hasRepeated(choices)) {
      repeated.push(row.line)
      return []
    }
    const told = row.get(fields.columnOf('gold'))
    const gold = goldOf(told, choices)
    if (gold === undefined) {
      fields.fault(row, 'gold', noChoice(told, choices))
      return []
    }
    const id = known.textOr(row, 'id', `line ${row.line}`)
    const before = seen.get(id)
    if (before !== undefined)
      fields.fault(row, 'id', `the id ${JSON.stringify(id)} already stands on line ${before}`)
    seen.set(id, row.line)
    return [
      { id, query, choices: choices.map((choice) => (/^\s/.test(choice) ? choice : ` ${choice}`)), gold },
    ]
  }
  const items = records.rows.flatMap(itemOf)
  fields.finish()
  const leftOut =
    repeated.length === 0
      ? []
      : [
          `${repeated.length} of ${counted(records.rows.length, 'item')}: a choice stands twice (line ${repeated.slice(0, MOST_NAMED).join(', ')}${repeated.length > MOST_NAMED ? ', …' : ''})`,
        ]
  if (items.length < 2)
    throw raise(
      'empty',
      [`found ${counted(items.length, 'item')} that can be asked, expected two or more`, ...leftOut].join(
        '; left out: ',
      ),
      { path },
    )
  return { task: basename(path).replace(/\.\w+(\.(gz|zst))?$/, ''), path, items, leftOut }
}
