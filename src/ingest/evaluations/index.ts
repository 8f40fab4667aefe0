export { chooseEvaluationsReader, expandEvaluationPaths, readEvaluations } from './read-evaluations.js'
export { EVALUATIONS_READERS } from './readers.js'
