export {
  analyseCapabilities,
  type CapabilityInput,
  type CapabilityResult,
  salienceData,
} from './analyse.js'
export { type LossTable, type SalienceModel, type Span, spanWeights } from './loss-table.js'
export { spanWeightsOf } from './span-salience.js'
export { type SpanReading, salientSpans, signStability } from './span-stability.js'
export { bitsOfSpans, SPAN_UNITS, type SpanUnit, spanEnds } from './text-spans.js'
export { applyVector, type SalienceVector, salienceVector } from './vector.js'
