import type { AnswerTotal } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { readRecords } from './records/read-records.js'

/** Names that `--columns` knows. */
export const ANSWER_FIELDS: readonly string[] =
  'fact_id model params correct total reading template leak'.split(' ')

/** A row of an answers table, as far as the bound reads it. */
export interface AnswerRow extends AnswerTotal {
  /** null where the table has no such column. */
  readonly reading: string | null
}

/**
 * Read one or several answers tables with at least `fact_id, model, params, correct, total`, as `assay knowledge`
 * writes them (TSV, CSV, JSONL or Parquet). A column `leak` marks rows whose prompts gave the object
 * away; a column `template` tells which were asked with the same words.
 *
 * @param columns our field → the file's column
 * @throws {AssayError} table/missing-column, table/bad-value, table/two-sizes, table/unreadable
 */
export async function readAnswers(
  paths: readonly string[],
  columns: Readonly<Record<string, string>> = {},
): Promise<AnswerRow[]> {
  const rows: AnswerRow[] = []
  const sizes = new Map<string, { params: number; where: string }>()
  for (const path of paths) {
    const records = await readRecords(path)
    const fields = new FieldReader(records, columns)
    fields.require('fact_id', 'model', 'params', 'correct', 'total')
    const ofFile = records.rows.map((row): AnswerRow & { line: number } => {
      const total = fields.number(row, 'total', (v) => v > 0, 'a number above 0')
      const correct = fields.number(row, 'correct', (v) => v >= 0, 'a number of 0 or more')
      if (correct > total) fields.fault(row, 'correct', `found ${correct} right answers of ${total}`)
      return {
        line: row.line,
        fact_id: fields.text(row, 'fact_id'),
        model: fields.text(row, 'model'),
        params: fields.number(row, 'params', (v) => v > 1, 'a number of parameters, in single parameters'),
        correct,
        total,
        reading: fields.has('reading') ? fields.textOr(row, 'reading', '') : null,
        ...(fields.has('template') ? { template: fields.textOr(row, 'template', '') } : {}),
        ...(fields.has('leak') && fields.flag(row, 'leak') ? { leak: true } : {}),
      }
    })
    fields.finish()
    for (const { line, ...row } of ofFile) {
      const known = sizes.get(row.model)
      if (known === undefined) sizes.set(row.model, { params: row.params, where: `${path}:${line}` })
      else if (known.params !== row.params)
        throw raise(
          'two-sizes',
          `model "${row.model}" has ${row.params} parameters here and ${known.params} at ${known.where}`,
          {
            path,
            line,
            field: fields.columnOf('params'),
          },
        )
      rows.push(row)
    }
  }
  return rows
}

/** Readings that a table can hold, the one that `bound` takes by default first. */
const PREFERRED = ['ranking', 'generation', 'ranking-summed', 'sampled']

/**
 * Rows of one reading. Readings are never mixed: without a wish, the first of ranking, generation, ranking-summed,
 * sampled that is there.
 *
 * @throws {AssayError} table/missing-column, table/bad-value when the wished reading is not there
 */
export function selectReading(
  rows: readonly AnswerRow[],
  wished: string | undefined,
  path: string,
): { rows: AnswerRow[]; reading: string | null; left: number } {
  const present = [...new Set(rows.map((r) => r.reading))]
  if (wished === undefined && present.length === 1) return { rows: [...rows], reading: present[0], left: 0 }
  const reading =
    wished ??
    PREFERRED.find((name) => present.includes(name)) ??
    present.find((name) => name !== null) ??
    null
  const own = rows.filter((r) => r.reading === reading)
  if (own.length > 0) return { rows: own, reading, left: rows.length - own.length }
  const named = present.filter((name) => name !== null)
  throw named.length === 0
    ? raise('missing-column', `there is no column "reading" to take "${wished}" from`, { path })
    : raise('bad-value', `no row has the reading "${wished}"; there are ${named.join(', ')}`, {
        path,
        field: 'reading',
      })
}
