export { type ComparedOptions, type ComparedResults, readCompared } from './read-compared.js'
export type { SubjectSource } from './read-subject.js'
export { readTaskScores, type TaskItems, type TaskScores } from './read-task-scores.js'
