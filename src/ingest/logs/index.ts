export { readLogs, withFolders } from './read-logs.js'
export { LOG_READERS } from './readers.js'
