export * from './chance-level.js'
export { exactMatch, filteredAnswer } from './exact-match.js'
export { type ItemScores, itemScores } from './item-scores.js'
export {
  type MainScore,
  type MeasuredBenchmark,
  measureBenchmarks,
  pairedBenchmarks,
} from './measure.js'
