/** Read what others wrote: training logs, evaluation results, facts, answers, counts. */
export type {
  AnswerRow,
  CountsTable,
  FitTableOptions,
  KeptStreams,
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
  readCounts,
  readEvaluations,
  readFacts,
  readFitTable,
  readLogs,
  selectReading,
} from '../ingest/index.js'
