export {
  type ComparedBenchmark,
  type ComparedPair,
  type ComparedVerdict,
  type CompareOptions,
  compareModels,
  type Drop,
  MACRO,
  type ModelComparison,
  type RankedModel,
} from './compare-models.js'
export { type Difference, type PairedScores, pairedDifference } from './difference.js'
export { falseDiscoveryRates } from './false-discovery.js'
export { mcnemarMidP } from './mcnemar.js'
export { groupLetters } from './ranking.js'
