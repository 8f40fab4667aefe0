export { BAND_TITLES, bandEstimates, type Coverage, coverageOf, type TargetDocument } from './coverage.js'
export { Growing } from './growing.js'
export {
  agreeingHashes,
  BANDS,
  bandKeys,
  jaccard,
  NEAR_JACCARD,
  pushSketch,
  SKETCH_AGREES,
  SKETCH_WORDS,
  shingleSet,
  shingles,
} from './minhash.js'
export {
  addNgram,
  createNgramIndex,
  forNgrams,
  type NgramIndex,
  numberOf,
  TARGET_NGRAMS,
} from './ngram-index.js'
export { QUALITY_RULES } from './rules.js'
export { type DrawnSums, sampledRatio, sampledShare, sampledTotal } from './sampled.js'
export { DocumentScan } from './scan.js'
