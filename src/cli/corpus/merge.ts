import { hashInputs } from '../../audit/index.js'
import {
  COUNT_FORM,
  corpusNote,
  countParts,
  foldsOf,
  mergeShards,
  toRows,
  writeTable,
} from '../../corpus/index.js'
import { readFacts } from '../../ingest/index.js'
import type { Io, Outcome } from '../run.js'
import { COUNT_SCHEMA } from './count.js'
import { describeCount, exitCodeOf, headLine, lostFields, skippedFields } from './describe.js'

export interface MergeOptions {
  readonly facts: readonly string[]
  readonly out: string
  readonly columns: Readonly<Record<string, string>>
}

/** `assay corpus merge`: the shards of one count as one table. */
export async function runMerge(
  [folder = '']: readonly string[],
  options: MergeOptions,
  io: Io,
): Promise<Outcome> {
  const { out } = options
  const started = performance.now()
  const { text: _, ...columns } = options.columns
  const { facts } = readFacts(options.facts, columns)
  const { totals, settings, shards, files } = await mergeShards(folder, COUNT_FORM, (of) =>
    countParts(facts, of),
  )
  const rows = toRows(facts, totals.entities, totals.tally)
  const corpus = corpusNote(totals, settings.match)
  const { documents, bytes, lost } = corpus
  await writeTable(out, rows, corpus)
  const seconds = (performance.now() - started) / 1000
  const { skipped } = totals
  const { match, ignoreCase, within } = settings.match
  return {
    json: {
      schema: COUNT_SCHEMA,
      seed: io.seed,
      inputs: hashInputs(options.facts),
      findings: [],
      documents,
      bytes,
      ...skippedFields(skipped),
      ...lostFields(corpus),
      engine: 'merge',
      match,
      seconds,
      ignoreCase,
      fold: foldsOf(settings.match),
      within,
      facts: facts.length,
      files,
      shards: { total: shards },
      out,
    },
    text: describeCount({
      head: headLine(documents, bytes, seconds, `${shards} shards merged, match ${match}`),
      rows,
      within,
      skipped,
      out,
      lost,
    }),
    exitCode: exitCodeOf(corpus),
  }
}
