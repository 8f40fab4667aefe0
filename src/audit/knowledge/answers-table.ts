import { extname } from 'node:path'
import { type Answer, type AnswersEvidence, tsvCell, withoutLeaks } from '../../core/index.js'
import { raise } from '../errors.js'
import { writeFileAtomic } from '../store/files.js'
import { type Column, writeParquet } from '../store/parquet.js'

/** Columns of the answers table, in order; `assay bound --answers` takes it as it is. */
const COLUMNS = {
  fact_id: 'VARCHAR',
  model: 'VARCHAR',
  params: 'DOUBLE',
  template: 'VARCHAR',
  reading: 'VARCHAR',
  correct: 'DOUBLE',
  total: 'DOUBLE',
  logprob: 'DOUBLE',
  rank: 'DOUBLE',
  relation: 'VARCHAR',
  domain: 'VARCHAR',
  candidates: 'DOUBLE',
  confidence: 'DOUBLE',
  answer: 'VARCHAR',
} as const

type Name = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as Name[]

/** Completions hold line ends, which a person who reads the table need not see; names are kept as they are. */
const cellOf = (answer: Answer, name: Name): string =>
  tsvCell(name === 'answer' ? (answer.answer?.replace(/[\t\r\n]+/g, ' ') ?? null) : answer[name])

/**
 * Write the answers, one row per fact, template and reading, as `.parquet` or `.tsv`; whole or not at all.
 * Rows whose prompt leaks its object (for summed rows: one of their prompts) have `leak` = 1: the table holds them, no estimate of retention does.
 *
 * @throws {AssayError} audit/cannot-write
 */
export async function writeAnswers(path: string, evidence: AnswersEvidence): Promise<void> {
  const { answers } = evidence
  const clean = new Set(withoutLeaks(evidence))
  const leakOf = answers.map((a) => (clean.has(a) ? 0 : 1))
  const extension = extname(path).toLowerCase()
  if (extension === '.parquet') {
    const columns: Record<string, Column> = {}
    for (const name of NAMES) {
      const values = answers.map((a) => a[name])
      columns[name] =
        COLUMNS[name] === 'VARCHAR'
          ? { type: 'VARCHAR', values: values as (string | null)[] }
          : { type: 'DOUBLE', values: values as (number | null)[] }
    }
    columns.leak = { type: 'INTEGER', values: leakOf }
    await writeParquet(path, columns)
  } else if (extension === '.tsv') {
    const rows = answers.map((a, i) => [...NAMES.map((name) => cellOf(a, name)), leakOf[i]].join('\t'))
    writeFileAtomic(path, `${[...NAMES, 'leak'].join('\t')}\n${rows.join('\n')}\n`)
  } else
    throw raise('cannot-write', `found "${path}", expected a file that ends in .parquet or .tsv`, { path })
}
