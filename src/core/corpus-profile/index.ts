export { Growing } from './growing.js'
export { BANDS, bandKeys, jaccard, NEAR_JACCARD, shingleSet, shingles } from './minhash.js'
export { QUALITY_RULES } from './rules.js'
export { DocumentScan } from './scan.js'
