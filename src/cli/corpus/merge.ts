import { hashInputs } from '../../audit/index.js'
import { COUNT_FORM, countParts, mergeShards, toRows, writeTable } from '../../corpus/index.js'
import { readFacts } from '../../ingest/index.js'
import type { Io, Outcome } from '../run.js'
import { COUNT_SCHEMA } from './count.js'
import { describeCount, headLine } from './describe.js'

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
  const { documents, bytes } = totals.tally
  await writeTable(out, rows, { documents, bytes, match: settings.match })
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
      skipped,
      engine: 'merge',
      match,
      seconds,
      ignoreCase,
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
    }),
    exitCode: 0,
  }
}
