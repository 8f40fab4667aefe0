export { EVALUATIONS_READERS } from './formats/index.js'
export { chooseEvaluationsReader, expandEvaluationPaths, readEvaluations } from './read-evaluations.js'
