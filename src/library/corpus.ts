/** Count, in corpora of any size, the documents that hold a fact's names. */
export type {
  CorpusNote,
  CountedFacts,
  CountFactsOptions,
  CountRow,
  CountSettings,
  Format as CorpusFormat,
  Lost,
  MatchOptions,
  MatchRule,
  Skipped,
  TextDocument,
  TextFold,
} from '../corpus/index.js'
export { countFacts, DEFAULT_MATCH, writeTable } from '../corpus/index.js'
