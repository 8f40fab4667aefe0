export {
  analyseCapabilities,
  type CapabilityInput,
  type CapabilityResult,
  salienceData,
} from './analyse.js'
export { carriedVector } from './carry.js'
export type { LossTable, SalienceModel, Span } from './loss-table.js'
export { salientPassages } from './passages.js'
export { type LossBlock, ProfileSum } from './profiles.js'
export {
  type CapabilityReading,
  isFittedOn,
  meanLoss,
  readCapabilities,
  type SpanReading,
  salienceOf,
  salientSpans,
} from './reading.js'
export {
  SALIENCE_FILE_SCHEMA,
  type SalienceFileJson,
  salienceFileFromJson,
  salienceFileToJson,
} from './salience-file.js'
export { bitsOfSpans, SPAN_UNITS, type SpanUnit, spanEnds, textsOfSpans } from './text-spans.js'
export { familiesForInterval } from './vector.js'
