export {
  type FitByName,
  type FitRequest,
  type FitTable,
  fitByName,
  inputQuantity,
  measuredQuantity,
  type ParameterReport,
  splitsBudget,
} from './by-name/index.js'
export { type FitOptions, type FormFit, fitForm, warningsOf } from './fit-form.js'
export * from './forecast/index.js'
export type { Design, Input as ScalingInput, Parameter, ScalingForm } from './form.js'
export { FORMS } from './forms/index.js'
export type { FitWarning } from './identifiability.js'
export {
  DEFAULT_TOKENS_PER_SAMPLE,
  planSampling,
  type SamplingAbstention,
  type SamplingOptions,
  type SamplingPlan,
  type SamplingRow,
} from './sampling/index.js'
