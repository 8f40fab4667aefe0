/** Read what others wrote: training logs, evaluation results, facts, answers, counts. */
export type {
  AnswerRow,
  ArmsOptions,
  CountsTable,
  FitTableOptions,
  ItemsOptions,
  KeptStreams,
  PairOptions,
  ReadCountsOptions,
  ReadFitTable,
  ReadingBar,
  ReadLogsOptions,
  ShowReading,
} from '../ingest/index.js'
export {
  EVALUATIONS_READERS,
  factId,
  LOG_READERS,
  readAnswers,
  readArms,
  readCounts,
  readEvaluations,
  readFacts,
  readFitTable,
  readLogs,
  selectReading,
} from '../ingest/index.js'
