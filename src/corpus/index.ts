export type { SoughtItem } from './contamination/cut-items.js'
export { type ItemsFound, lookForItems, mergeItemsFound, type Sought } from './contamination/look.js'
export { type ItemVerdict, OVERLAP_LIMITS } from './contamination/verdict.js'
export { type CountedFacts, type CountFactsOptions, countFacts } from './count-facts.js'
export { COUNTERS } from './counters.js'
export { PUBLIC_ENDPOINT } from './infini-gram/client.js'
export { countInIndex } from './infini-gram/count.js'
export { type CountJob, type CountResult, countCorpus } from './job/count-corpus.js'
export { COUNT_FORM, countParts } from './job/counts.js'

export { type Grouping, namedSources, SOURCE } from './job/groups.js'
export type { PassHooks, Shard } from './job/pass-corpus.js'
export { planPass } from './job/planned.js'
export type { CountSettings, GroupedSettings } from './job/settings.js'
export { isPartFolder, mergeShards, writeShard } from './job/shards.js'
export {
  type CorpusNote,
  type CountRow,
  corpusNote,
  groupRowsOf,
  tableFormat,
  toRows,
  writeTable,
} from './job/table.js'
export type { Totals as CountTotals } from './job/totals.js'
export { FOLDS, type TextFold } from './names/fold.js'
export {
  DEFAULT_FOLD,
  DEFAULT_MATCH,
  foldsOf,
  type MatchOptions,
  type MatchRule,
} from './names/match.js'
export { drawnDocuments } from './profile/drawn-documents.js'
export { domainsOf } from './profile/measures/domains.js'
export { sortedLengths } from './profile/measures/lengths.js'
export { drawnDensity, drawnSizes, drawnSums } from './profile/measures/stretches.js'
export {
  type CorpusProfile,
  mergeProfile,
  type ProfileJob,
  planProfile,
  profileCorpus,
  profileShard,
} from './profile/profile-corpus.js'
export { PROFILE_FORM } from './profile/profiled.js'
export { type NamedCorpus, type ProfileSettings, recorded, sharedFiles } from './profile/settings.js'
export { literalPrefix } from './readers/glob.js'
export { parquetColumns, readParquet, readRowGroups } from './readers/parquet.js'
export { openSource } from './readers/source.js'
export {
  type Format,
  inOrder,
  type Lost,
  lostIn,
  mostEmpty,
  mostLeftOut,
  type Skipped,
  type TextDocument,
} from './readers/unit.js'
export { runArray } from './slurm/run.js'
