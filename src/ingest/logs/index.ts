export { LOG_READERS } from './formats/index.js'
export { readLogs, withFolders } from './read-logs.js'
