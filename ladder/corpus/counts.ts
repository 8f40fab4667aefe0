import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeFileAtomic, writeParquet } from '../../src/audit/index.js'
import { readRuns } from '../train/runs.js'
import { countDocuments, type FactCount, type NamedFact } from './count-documents.js'
import { readJsonLines } from './json-lines.js'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const PLANTED = join(root, 'facts/planted.jsonl')
const REAL = join(root, 'facts/real.jsonl')

const USAGE = `Counts, for the documents that a run consumed, in how many stand a fact's subject, its object, and both.

  npx tsx ladder/corpus/counts.ts                                    every run: ladder/counts/
  npx tsx ladder/corpus/counts.ts --documents 120000 --out counts.tsv [--stream FILE] [--facts FILE]...

--documents  how many documents of the stream the run consumed (its log says)
--out        the table: fact_id, subject, object, relation, n_s, n_o, n_so
Prints {"documents", "facts"} as JSON.`

type Count = (facts: readonly NamedFact[], documents: number) => FactCount[]

/** Counts in a prefix of the stream; @throws {RangeError} when it has fewer documents. */
function counterOf(stream: string): Count {
  return (facts, limit) => {
    const { counts, documents } = countDocuments(facts, readJsonLines<{ text: string }>(stream), limit)
    if (documents < limit)
      throw new RangeError(
        `The stream has only ${documents} documents, ${limit} were asked for: a run that consumed more read it again from the start.`,
      )
    return counts
  }
}

function tableOf(facts: readonly NamedFact[], counts: readonly FactCount[], documents: number): string {
  const rows = facts.map(({ id, subject, object, relation }, i) => {
    const { subjects, objects, both } = counts[i]!
    return [id, subject, object, relation, subjects, objects, both].join('\t')
  })
  const head = [`# documents: ${documents}`, 'fact_id\tsubject\tobject\trelation\tn_s\tn_o\tn_so']
  return `${[...head, ...rows].join('\n')}\n`
}

/** One table of all runs for each file of facts: ladder/counts/planted.parquet, real.parquet. */
async function countEveryRun(count: Count): Promise<void> {
  const runs = readRuns(join(root, 'ladder/runs')).filter((run) => run.group !== 'retrain')
  for (const [name, file] of Object.entries({ planted: PLANTED, real: REAL })) {
    const facts = [...readJsonLines<NamedFact>(file)]
    const bySize = new Map<number, FactCount[]>()
    for (const { documents } of runs)
      if (!bySize.has(documents)) bySize.set(documents, count(facts, documents))
    const rows = runs.flatMap((run) =>
      facts.map((fact, i) => ({ run, fact, counted: bySize.get(run.documents)![i]! })),
    )
    await writeParquet(join(root, 'ladder/counts', `${name}.parquet`), {
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
      stream: { type: 'string', default: join(here, '../.build/corpus/stream.jsonl') },
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
