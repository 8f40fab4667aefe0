export {
  type FitByName,
  type FitRequest,
  type FitTable,
  fitByName,
  inputQuantity,
  measuredQuantity,
  type Optimum,
  type ParameterReport,
  splitsBudget,
} from './by-name/index.js'
export * from './data-exponent.js'
export { type FitOptions, type FormFit, fitForm, warningsOf } from './fit-form.js'
export * from './forecast/index.js'
export type {
  Design,
  Input as ScalingInput,
  LossKind,
  Parameter,
  PowerTerms,
  Response as FormResponse,
  Role as FormRole,
  ScalingForm,
} from './form.js'
export { FORMS } from './forms/index.js'
export type { FitWarning } from './identifiability.js'
export type { SamplingOptions, SamplingRow } from './sampling/index.js'
export {
  DEFAULT_TOKENS_PER_SAMPLE,
  planSampling,
  type SamplingAbstention,
  type SamplingBackTest,
  type SamplingPlan,
  type SamplingPlans,
} from './sampling/index.js'
