import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFileAtomic, writeParquet } from '../../src/audit/index.js'
import { BUILD, FACTS, LADDER } from '../places.js'
import { type RunSummary, readRuns } from '../train/runs.js'
import { countDocuments, type FactCount, type NamedFact } from './count-documents.js'
import { readJsonLines } from './json-lines.js'

const PLANTED = join(FACTS, 'planted.jsonl')
const REAL = join(import.meta.dirname, '../../facts/real.jsonl')

const USAGE = `Counts, for the documents that a run consumed, in how many stand a fact's subject, its object, and both.

  npx tsx ladder/corpus/counts.ts                                    every run of the main grid: ladder/counts/
  npx tsx ladder/corpus/counts.ts --documents 120000 --out counts.tsv [--stream FILE] [--facts FILE]...

--documents  how many documents of the stream the run consumed (its log says)
--out        the table: fact_id, subject, object, relation, n_s, n_o, n_so
Prints {"documents", "facts"} as JSON.`

/** Documents of the stream: so many from its start, or those of these numbers. */
type Read = number | ReadonlySet<number>

type Count = (facts: readonly NamedFact[], read: Read) => FactCount[]

function* documentsOf(stream: string, read: Read): Generator<{ text: string }> {
  let number = 0
  for (const document of readJsonLines<{ text: string }>(stream)) {
    if (number === read) return
    if (typeof read === 'number' || read.has(number)) yield document
    number++
  }
}

/** Counts in a part of the stream; @throws {RangeError} when it has fewer documents. */
function counterOf(stream: string): Count {
  return (facts, read) => {
    const wanted = typeof read === 'number' ? read : read.size
    const { counts, documents } = countDocuments(facts, documentsOf(stream, read))
    if (documents < wanted)
      throw new RangeError(
        `The stream has only ${documents} documents, ${wanted} were asked for: a run that consumed more read it again from the start.`,
      )
    return counts
  }
}

/** What a run read whole: by the list that its training left (number and times, a row a document), else a prefix. */
function readBy(run: RunSummary): Read {
  const path = join(BUILD, 'readings', `${run.id}.u32`)
  if (!existsSync(path)) return run.documents
  const bytes = readFileSync(path)
  const cells = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const documents = new Set<number>()
  for (let row = 0; row < cells.length; row += 2) if (cells[row + 1]! > 0) documents.add(cells[row]!)
  let last = -1
  for (const document of documents) last = Math.max(last, document)
  return last + 1 === documents.size ? documents.size : documents
}

function tableOf(facts: readonly NamedFact[], counts: readonly FactCount[], documents: number): string {
  const rows = facts.map(({ id, subject, object, relation }, i) => {
    const { subjects, objects, both } = counts[i]!
    return [id, subject, object, relation, subjects, objects, both].join('\t')
  })
  const head = [`# documents: ${documents}`, 'fact_id\tsubject\tobject\trelation\tn_s\tn_o\tn_so']
  return `${[...head, ...rows].join('\n')}\n`
}

/** One table of the main grid's runs for each file of facts: ladder/counts/planted.parquet, real.parquet. */
async function countEveryRun(count: Count): Promise<void> {
  const runs = readRuns(join(LADDER, 'runs')).filter((run) => run.group === 'ladder')
  for (const [name, file] of Object.entries({ planted: PLANTED, real: REAL })) {
    const facts = [...readJsonLines<NamedFact>(file)]
    // Runs of one length read the same prefix.
    const ofPrefix = new Map<number, FactCount[]>()
    const rows = runs.flatMap((run) => {
      const read = readBy(run)
      const known = typeof read === 'number' ? ofPrefix.get(read) : undefined
      const counts = known ?? count(facts, read)
      if (typeof read === 'number') ofPrefix.set(read, counts)
      return facts.map((fact, i) => ({ run, fact, counted: counts[i]! }))
    })
    await writeParquet(join(LADDER, 'counts', `${name}.parquet`), {
      model: { type: 'VARCHAR', values: rows.map(({ run }) => `assay-${run.id}-${run.steps}`) },
      documents: { type: 'INTEGER', values: rows.map(({ run }) => run.documents) },
      fact_id: { type: 'VARCHAR', values: rows.map(({ fact }) => fact.id) },
      subject: { type: 'VARCHAR', values: rows.map(({ fact }) => fact.subject) },
      object: { type: 'VARCHAR', values: rows.map(({ fact }) => fact.object) },
      relation: { type: 'VARCHAR', values: rows.map(({ fact }) => fact.relation) },
      n_s: { type: 'INTEGER', values: rows.map(({ counted }) => counted.subjects) },
      n_o: { type: 'INTEGER', values: rows.map(({ counted }) => counted.objects) },
      n_so: { type: 'INTEGER', values: rows.map(({ counted }) => counted.both) },
    })
    process.stdout.write(`${JSON.stringify({ name, runs: runs.length, facts: facts.length })}\n`)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      documents: { type: 'string' },
      out: { type: 'string' },
      stream: { type: 'string', default: join(BUILD, 'corpus/stream.jsonl') },
      facts: { type: 'string', multiple: true },
    },
  })
  const count = counterOf(values.stream)
  if (values.documents === undefined && values.out === undefined) return countEveryRun(count)
  const documents = Number(values.documents)
  if (!Number.isSafeInteger(documents) || documents <= 0 || values.out === undefined) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 3
    return
  }
  const files = values.facts ?? [PLANTED, REAL]
  const facts = files.flatMap((file) => [...readJsonLines<NamedFact>(file)])
  writeFileAtomic(values.out, tableOf(facts, count(facts, documents), documents))
  process.stdout.write(`${JSON.stringify({ documents, facts: facts.length })}\n`)
}

await main()
