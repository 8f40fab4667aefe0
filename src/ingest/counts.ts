import { existsSync, readFileSync } from 'node:fs'
import type { CorpusCount } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { readRecords } from './records/read-records.js'

/** A table of document counts, and the size of the corpus where the table tells it. */
export interface CountsTable {
  readonly counts: readonly CorpusCount[]
  /** Documents in the corpus; null when neither the table nor a file beside it says. */
  readonly documents: number | null
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0

/** `documents` of a JSON document beside the table: `counts.parquet.json` or `counts.json`. */
function documentsBeside(path: string): number | null {
  for (const beside of [`${path}.json`, path.replace(/\.[^./]+$/, '.json')]) {
    if (beside === path || !existsSync(beside)) continue
    try {
      const found = (JSON.parse(readFileSync(beside, 'utf8')) as { documents?: unknown } | null)?.documents
      if (typeof found === 'number' && isCount(found)) return found
    } catch {
      // Some other file of that name: it says nothing of the corpus.
    }
  }
  return null
}

/**
 * Read `fact_id, subject, object, relation, n_s, n_o, n_so` as `assay corpus count` writes it (TSV, CSV, JSONL or
 * Parquet). Each fact once; n_so ≤ min(n_s, n_o). A column `model` names the model whose own corpus a row counts (each
 * fact once per model), a column `documents` the size of the corpus of its row.
 *
 * @param columns our field → the file's column
 * @throws {AssayError} table/missing-column, table/bad-value, table/duplicate, table/unreadable
 */
export async function readCounts(
  path: string,
  columns: Readonly<Record<string, string>> = {},
): Promise<CountsTable> {
  const records = await readRecords(path)
  const fields = new FieldReader(records, columns)
  fields.require('fact_id', 'n_s', 'n_o', 'n_so')
  const seen = new Map<string, number>()
  let documents = Number(records.notes.get('documents') ?? records.notes.get('assay.documents') ?? Number.NaN)
  const counts = records.rows.map((row): CorpusCount => {
    const fact_id = fields.text(row, 'fact_id')
    const model = fields.has('model') ? fields.textOr(row, 'model', '') : ''
    const key = `${fact_id}\u0000${model}`
    const first = seen.get(key)
    if (first !== undefined)
      throw raise('duplicate', `fact "${fact_id}" already stands on line ${first}`, { path, line: row.line })
    seen.set(key, row.line)
    const [n_s, n_o, n_so] = ['n_s', 'n_o', 'n_so'].map((field) =>
      fields.number(row, field, isCount, 'a whole number of 0 or more'),
    )
    if (n_so > Math.min(n_s, n_o))
      fields.fault(row, 'n_so', `found ${n_so} documents with both names, but n_s = ${n_s} and n_o = ${n_o}`)
    const own = fields.has('documents')
      ? { documents: fields.number(row, 'documents', (v) => isCount(v) && v > 0, 'a whole number above 0') }
      : {}
    if (own.documents !== undefined) documents = own.documents
    return {
      fact_id,
      subject: fields.textOr(row, 'subject', ''),
      object: fields.textOr(row, 'object', ''),
      relation: fields.textOr(row, 'relation', ''),
      n_s,
      n_o,
      n_so,
      ...own,
      ...(model === '' ? {} : { model }),
    }
  })
  fields.finish()
  return { counts, documents: isCount(documents) ? documents : documentsBeside(path) }
}
