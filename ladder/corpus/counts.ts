import { createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countDocuments, type NamedFact } from './count-documents.js'
import { readJsonLines } from './json-lines.js'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')

const USAGE = `Counts, for the documents that a run consumed, in how many stand a fact's subject, its object, and both.

  npx tsx ladder/corpus/counts.ts --documents 120000 --out counts.tsv [--stream FILE] [--facts FILE]...

--documents  how many documents of the stream the run consumed (its log says)
--out        the table: fact_id, subject, object, relation, n_s, n_o, n_so
Prints {"documents", "facts"} as JSON.`

function main(): void {
  const { values } = parseArgs({
    options: {
      documents: { type: 'string' },
      out: { type: 'string' },
      stream: { type: 'string', default: join(here, '../.build/corpus/stream.jsonl') },
      facts: { type: 'string', multiple: true },
    },
  })
  const limit = Number(values.documents)
  if (!Number.isSafeInteger(limit) || limit <= 0 || values.out === undefined) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 3
    return
  }
  const files = values.facts ?? [join(root, 'facts/planted.jsonl'), join(root, 'facts/real.jsonl')]
  const facts = files.flatMap((file) => [...readJsonLines<NamedFact>(file)])
  const { counts, documents } = countDocuments(facts, readJsonLines<{ text: string }>(values.stream), limit)
  if (documents < limit) {
    process.stderr.write(
      `The stream has only ${documents} documents, ${limit} were asked for: a run that consumed more read it again from the start.\n`,
    )
    process.exitCode = 3
    return
  }
  const table = createWriteStream(values.out)
  table.write('fact_id\tsubject\tobject\trelation\tn_s\tn_o\tn_so\n')
  for (const [i, { id, subject, object, relation }] of facts.entries()) {
    const { subjects, objects, both } = counts[i]!
    table.write(`${[id, subject, object, relation, subjects, objects, both].join('\t')}\n`)
  }
  table.end()
  process.stdout.write(`${JSON.stringify({ documents, facts: facts.length })}\n`)
}

main()
