export {
  analyseCapabilities,
  type CapabilityInput,
  type CapabilityResult,
  salienceData,
} from './analyse.js'
export { VectorCarrier } from './carry.js'
export { type Domains, domainsOf } from './domain-shares.js'
export type { SalienceData } from './estimator.js'
export { type LossTable, type SalienceModel, type Span, spanWeights } from './loss-table.js'
export { salientPassages } from './passages.js'
export { type LossBlock, ProfileSum } from './profiles.js'
export {
  type CapabilityReading,
  isFittedOn,
  meanLoss,
  readCapabilities,
  type SpanReading,
  salienceOf,
  spanReading,
  strongest,
} from './reading.js'
export {
  SALIENCE_FILE_SCHEMA,
  type SalienceFileJson,
  salienceFileFromJson,
  salienceFileToJson,
} from './salience-file.js'
export { MOST_RANKED_SPANS } from './span-ranks.js'
export { bitsOfSpans, SPAN_UNITS, type SpanUnit, spanEnds, textsOfSpans } from './text-spans.js'
export { familiesForInterval } from './vector.js'
