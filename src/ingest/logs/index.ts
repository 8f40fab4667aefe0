export { LOG_READERS } from './formats/index.js'
export { marksAsMetrics } from './formats/mlflow/write-marks.js'
export { marksAsEvents } from './formats/tensorboard/write-marks.js'
export { LOG_FIELDS } from './names/column-names.js'
export { type ReadLogsOptions, readLogs, withFolders } from './read-logs.js'
export { readPlan } from './read-plan.js'
export {
  growStreams,
  isStandardInput,
  isStream,
  type KeptStreams,
  keepStreams,
} from './source/keep-streams.js'
export type { ReadingBar, ShowReading } from './source/progress.js'
