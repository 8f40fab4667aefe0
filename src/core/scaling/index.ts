export { type FitOptions, type FormFit, fitForm, warningsOf } from './fit-form.js'
export * from './forecast/index.js'
export type { Design, Parameter, ScalingForm } from './form.js'
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
