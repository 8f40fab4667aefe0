import { extname } from 'node:path'
import { type Answer, type AnswersEvidence, tsvCell, withoutLeaks } from '../../core/index.js'
import { raise } from '../errors.js'
import { CODECS } from '../store/codecs/index.js'
import { writeFileAtomic } from '../store/files.js'
import { writeParquet } from '../store/parquet.js'

/** The answers table's first columns; those behind are in the order of the evidence. */
const FIRST: readonly (keyof Answer)[] = [
  ...(['fact_id', 'model', 'params', 'template', 'reading', 'correct', 'total', 'logprob', 'rank'] as const),
]

/** Completions hold line ends, which a person who reads the table need not see; names are kept as they are. */
const cellOf = (answer: Answer, name: keyof Answer): string =>
  tsvCell(name === 'answer' ? (answer.answer?.replace(/[\t\r\n]+/g, ' ') ?? null) : answer[name])

/**
 * Write the answers, one row per fact, template and reading, as `.parquet` or `.tsv`, for `assay bound --answers`; whole or not at all.
 * Rows whose prompt leaks its object (for summed rows: one of their prompts) have `leak` = 1: the table holds them, no estimate of retention does.
 *
 * @throws {AssayError} audit/cannot-write
 */
export async function writeAnswers(path: string, evidence: AnswersEvidence): Promise<void> {
  const { answers } = evidence
  const clean = new Set(withoutLeaks(evidence))
  const leakOf = answers.map((a) => (clean.has(a) ? 0 : 1))
  const names = [...new Set([...FIRST, ...CODECS.answers.columns])] as (keyof Answer)[]
  const extension = extname(path).toLowerCase()
  if (extension === '.parquet') {
    const { table = {} } = CODECS.answers.encode(evidence)
    const columns = Object.fromEntries(names.map((name) => [name, table[name]]))
    await writeParquet(path, { ...columns, leak: { type: 'INTEGER', values: leakOf } })
  } else if (extension === '.tsv') {
    const rows = answers.map((a, i) => [...names.map((name) => cellOf(a, name)), leakOf[i]].join('\t'))
    writeFileAtomic(path, `${[...names, 'leak'].join('\t')}\n${rows.join('\n')}\n`)
  } else
    throw raise('cannot-write', `found "${path}", expected a file that ends in .parquet or .tsv`, { path })
}
