export {
  type ComparedBenchmark,
  type CompareOptions,
  compareModels,
  MACRO,
  type ModelComparison,
} from './compare-models.js'
export { byInterval, type Difference, type PairedScores, pairedDifference } from './difference.js'
export { falseDiscoveryRates } from './false-discovery.js'
export {
  type ComparedPair,
  type ComparedVerdict,
  type Drop,
  judged as judgedPairs,
  type MeasuredPair,
  type RankedModel,
  rankModels,
  withDrops,
} from './judge-pairs.js'
export { mcnemarMidP } from './mcnemar.js'
export { groupLetters } from './ranking.js'
