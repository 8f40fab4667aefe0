// Count the documents of a corpus that hold a fact's names, in one pass over any number of files.
import { countFacts } from 'assay-audit/corpus'
import { readFacts } from 'assay-audit/ingest'

const { facts } = readFacts(['facts/real.jsonl'])
const { rows, documents } = await countFacts(facts, ['texts/encyclopaedic', 'texts/speech'])

const together = rows.filter((row) => row.n_so > 0).sort((a, b) => b.n_so - a.n_so)
console.log(`${together.length} of ${facts.length} facts stand somewhere in ${documents} documents`)
for (const { subject, relation, object, n_so } of together.slice(0, 3))
  console.log(`${subject}, ${relation}, ${object}: ${n_so}`)
