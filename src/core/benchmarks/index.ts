export * from './chance-level.js'
export { exactMatch, filteredAnswer } from './exact-match.js'
export { type ItemScores, itemScores } from './item-scores.js'
export {
  type MainScore,
  type MeasuredBenchmark,
  measureBenchmarks,
  pairedBenchmarks,
} from './measure.js'
export { benchmarkName, placeInRun, scoreName } from './measured-rows.js'
export {
  commonMetric,
  isLowerBetter,
  preferredMetric,
  RIGHT_OR_WRONG,
  rightOrWrongOf,
  sameMetric,
} from './metric-names.js'
