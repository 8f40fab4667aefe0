export {
  analyseCapabilities,
  type CapabilityInput,
  type CapabilityResult,
  salienceData,
} from './analyse.js'
export { type LossTable, type SalienceModel, type Span, spanWeights } from './loss-table.js'
export { type SpanReading, salientSpans, signStability, spanWeightsOf } from './span-salience.js'
export { applyVector, type SalienceVector, salienceVector } from './vector.js'
