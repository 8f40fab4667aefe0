import { counted } from '../../core/text/counted.js'
import { COUNT_FORM, corpusNote, countParts, mergeShards } from '../../corpus/index.js'
import { readFacts } from '../../ingest/index.js'
import type { Io, Outcome } from '../run.js'
import { concludeCount } from './count.js'
import { toldOf, weightedOf } from './count-told.js'

export interface MergeOptions {
  readonly facts: readonly string[]
  readonly out: string
  readonly columns: Readonly<Record<string, string>>
  readonly groups?: string
  readonly weights?: Readonly<Record<string, string>>
  readonly output?: readonly string[]
}

/** `assay corpus merge`: the shards of one count as one table. */
export async function runMerge(
  [folder = '']: readonly string[],
  options: MergeOptions,
  io: Io,
): Promise<Outcome> {
  const { out, groups, output } = options
  const started = performance.now()
  const { text: _, ...columns } = options.columns
  const { facts } = readFacts(options.facts, columns)
  const { totals, settings, shards, files } = await mergeShards(folder, COUNT_FORM, (of) =>
    countParts(facts, of),
  )
  const told = toldOf(facts, totals, settings.grouping, options.weights)
  const { match } = settings
  const { documents, bytes } = totals.tally
  return concludeCount(
    {
      documents,
      bytes,
      skipped: totals.skipped,
      told,
      corpus: { ...corpusNote(totals, match), ...weightedOf(told) },
      more: { files, shards: { total: shards } },
      how: `${counted(shards, 'shard')} merged, match ${match.match}`,
      finish() {},
    },
    { factPaths: options.facts, out, groups, output, engine: 'merge', match, started },
    io,
  )
}
