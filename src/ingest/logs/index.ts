export { LOG_READERS } from './formats/index.js'
export { type ReadLogsOptions, readLogs, withFolders } from './read-logs.js'
export { isStream, type KeptStreams, keepStreams } from './source/keep-streams.js'
export type { ReadingBar, ShowReading } from './source/progress.js'
