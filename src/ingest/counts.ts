import { existsSync, readFileSync } from 'node:fs'
import type { CountMatch, FactCount } from '../core/index.js'
import { counted } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { type RecordRow, type Records, readRecords } from './records/read-records.js'
import { decimal } from './text/decimal.js'

/** A table of document counts, and what it tells of the corpus that was counted. */
export interface CountsTable {
  readonly counts: readonly FactCount[]
  /** Documents in the corpus (in the largest one, where every model has its own); null when nothing says. */
  readonly documents: number | null
  /** Which number of documents holds, where the caller named another one than the table. */
  readonly contradicted: string | null
  readonly bytes: number | null
  readonly match: CountMatch | null
  /** Documents that damaged files kept from being counted, as far as they are known; null where all were read. */
  readonly lost: { readonly documents: number; readonly isMore: boolean } | null
  /** The counts are by weight (`corpus count --weights`): a document that training reads w times counts w times. */
  readonly weighted: boolean
}

/** What whoever reads on must know of a table's counts. @param documents N that is taken */
export function remarksOn(
  { weighted, lost, contradicted }: Pick<CountsTable, 'weighted' | 'lost' | 'contradicted'>,
  documents: number,
): string[] {
  const kept =
    lost === null || lost.documents === 0
      ? 'an unknown number of documents'
      : counted(lost.documents, 'document')
  return [
    ...(contradicted === null ? [] : [contradicted]),
    ...(weighted
      ? [
          'counts by weight: a document that training reads w times counts w times (exact counts: --columns n_s=n_s,n_o=n_o,n_so=n_so)',
        ]
      : []),
    ...(lost === null
      ? []
      : [
          `damaged files kept ${kept}${lost.documents > 0 && lost.isMore ? ' and more' : ''} of the corpus from being counted; N = ${documents} is what was read, and names that stand in the rest are counted too low`,
        ]),
  ]
}

/** How a table of counts is read; every field may be left out. */
export interface ReadCountsOptions {
  /** Our field → the file's column. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  /** Documents in the corpus, for tables that do not tell; goes before what a table says of its corpus as a whole. */
  readonly documents?: number | undefined
}

/** Names that `--columns` knows. */
export const COUNT_FIELDS: readonly string[] =
  'fact_id subject object relation n_s n_o n_so model documents'.split(' ')

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0
const isSize = (value: number): boolean => isCount(value) && value > 0
const isPositive = (value: number): boolean => value > 0 && Number.isFinite(value)

const WEIGHTED = { n_s: 'w_s', n_o: 'w_o', n_so: 'w_so' } as const

type Corpus = Pick<CountsTable, 'documents' | 'bytes' | 'match' | 'lost'>

/** What `# documents: 12` lines, Parquet metadata or a JSON document say of the corpus. */
function corpusFrom(tell: (key: string) => unknown, weighted = false): Corpus {
  const size = (key: string, is = isSize): number | null => {
    const found = tell(key)
    if (typeof found !== 'number' && typeof found !== 'string') return null
    const value = found === '' ? Number.NaN : decimal(String(found))
    return is(value) ? value : null
  }
  const match = tell('match')
  const lost = { documents: size('lost_documents') ?? 0, isMore: size('lost_stretches') !== null }
  return {
    documents: (weighted ? size('weighted_documents', isPositive) : null) ?? size('documents'),
    bytes: size('bytes'),
    match: match === 'boundary' || match === 'published' ? match : null,
    lost: lost.documents > 0 || lost.isMore ? lost : null,
  }
}

/** The JSON document of `assay corpus count --json`, where it was kept as `counts.parquet.json` or `counts.json`. */
function corpusBeside(path: string): Corpus {
  for (const beside of [`${path}.json`, path.replace(/\.[^./]+$/, '.json')]) {
    if (beside === path || !existsSync(beside)) continue
    try {
      const found = JSON.parse(readFileSync(beside, 'utf8')) as Readonly<Record<string, unknown>> | null
      const lost = found?.lost as { documents?: unknown; unknown?: unknown } | undefined
      const damage = { lost_documents: lost?.documents, lost_stretches: lost?.unknown }
      const corpus = corpusFrom((key) => ({ ...found, ...damage })[key])
      if (corpus.documents !== null) return corpus
    } catch {
      // Some other file of that name: it says nothing of the corpus.
    }
  }
  return { documents: null, bytes: null, match: null, lost: null }
}

/** A column that says the same in every row speaks of the corpus as a whole. */
function corpusFromColumns({ rows }: Records, fields: FieldReader, weighted: boolean): Corpus {
  return corpusFrom((key) => {
    if (!fields.has(key)) return undefined
    const first = rows[0]?.get(fields.columnOf(key))
    return rows.every((row) => row.get(fields.columnOf(key)) === first) ? first : undefined
  }, weighted)
}

function corpusOf(records: Records, fields: FieldReader, weighted: boolean): Corpus {
  const { notes, path } = records
  const told = [
    corpusFromColumns(records, fields, weighted),
    corpusFrom((key) => notes.get(key) ?? notes.get(`assay.${key}`), weighted),
  ]
  const known = told.find((corpus) => corpus.documents !== null)
  return known ?? corpusBeside(path)
}

/**
 * Read `fact_id, subject, object, relation, n_s, n_o, n_so` as `assay corpus count` writes it (TSV, CSV, JSONL or
 * Parquet). Each fact once; n_so ≤ min(n_s, n_o); no name in more documents than there are. A column `model` names the
 * model whose own corpus a row counts (each fact once per model), a column `documents` the size of the corpus of its row.
 *
 * Counts by weight (`w_s, w_o, w_so`) go before the exact ones, unless `columns` names others.
 *
 * @throws {AssayError} table/missing-column, table/bad-value, table/duplicate, table/unreadable
 */
export async function readCounts(
  path: string,
  { columns = {}, documents: stated }: ReadCountsOptions = {},
): Promise<CountsTable> {
  const records = await readRecords(path)
  const weighted = Object.entries(WEIGHTED).every(
    ([field, column]) => records.columns.includes(column) && (columns[field] ?? column) === column,
  )
  const fields = new FieldReader(records, weighted ? { ...columns, ...WEIGHTED } : columns)
  fields.require('fact_id', 'n_s', 'n_o', 'n_so')
  const corpus = corpusOf(records, fields, weighted)
  const shared = stated ?? corpus.documents
  // Where the rows agree on the size of their corpus, it is the shared one, and the rows need not repeat it.
  const ownCorpora = fields.has('documents') && corpus.documents === null
  const seen = new Map<string, number>()
  const counts = records.rows.map((row): FactCount => {
    const count = readCount(row, fields, ownCorpora, weighted)
    const key = `${count.fact_id}\u0000${count.model ?? ''}`
    const first = seen.get(key)
    if (first !== undefined)
      throw raise('duplicate', `fact "${count.fact_id}" already stands on line ${first}`, {
        path,
        line: row.line,
      })
    seen.set(key, row.line)
    checkAgainstCorpus(row, fields, count, count.documents ?? shared)
    return count
  })
  fields.finish()
  const largest = counts.reduce((top, count) => Math.max(top, count.documents ?? 0), 0)
  return {
    counts,
    documents: ownCorpora ? largest : shared,
    contradicted:
      stated === undefined || stated === corpus.documents || (corpus.documents === null && !ownCorpora)
        ? null
        : ownCorpora
          ? `every row tells the documents of its own corpus (at most ${largest}), which hold, not the ${stated} that were given`
          : `the ${stated} documents that were given hold, not the ${corpus.documents} that the table tells`,
    bytes: corpus.bytes,
    match: corpus.match,
    lost: corpus.lost,
    weighted,
  }
}

function readCount(row: RecordRow, fields: FieldReader, ownCorpora: boolean, weighted: boolean): FactCount {
  const model = fields.has('model') ? fields.textOr(row, 'model', '') : ''
  const [n_s, n_o, n_so] = ['n_s', 'n_o', 'n_so'].map((field) =>
    weighted
      ? fields.number(row, field, (n) => n >= 0, 'a number of 0 or more')
      : fields.number(row, field, isCount, 'a whole number of 0 or more'),
  )
  if (n_so > Math.min(n_s, n_o))
    fields.fault(row, 'n_so', `found ${n_so} documents with both names, but n_s = ${n_s} and n_o = ${n_o}`)
  return {
    fact_id: fields.text(row, 'fact_id'),
    subject: fields.textOr(row, 'subject', ''),
    object: fields.textOr(row, 'object', ''),
    relation: fields.textOr(row, 'relation', ''),
    n_s,
    n_o,
    n_so,
    ...(ownCorpora ? { documents: fields.number(row, 'documents', isSize, 'a whole number above 0') } : {}),
    ...(model === '' ? {} : { model }),
  }
}

function checkAgainstCorpus(
  row: RecordRow,
  fields: FieldReader,
  count: FactCount,
  documents: number | null,
): void {
  if (documents === null) return
  for (const field of ['n_s', 'n_o'] as const)
    if (count[field] > documents)
      fields.fault(
        row,
        field,
        `found ${count[field]} documents with this name, but the corpus has ${documents} documents`,
      )
}
