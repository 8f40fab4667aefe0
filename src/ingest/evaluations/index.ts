export { EVALUATIONS_READERS } from './formats/index.js'
export { EVALUATION_FIELDS, multiplied } from './formats/tidy/tidy-columns.js'
export {
  chooseEvaluationsReader,
  expandEvaluationPaths,
  readEvaluations,
  shotsNotes,
} from './read-evaluations.js'
export { quantity } from './row.js'
