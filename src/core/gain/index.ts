export {
  type AdaptationCurve,
  type AdaptationLaw,
  adaptationCurve,
  adaptationError,
} from './adaptation-curve.js'
export {
  analyseGain,
  DEFAULT_GAIN_SETTINGS,
  type GainAnalysis,
  type GainSettings,
  type SavedCost,
  type TrainingPrices,
} from './analyse.js'
export type { Censored } from './censored.js'
export { type DataTransferred, dataTransferred } from './data-transferred.js'
export { decideGain, type GainDecision, type Superiority } from './decision.js'
export {
  chanceCentredGain,
  cleanSubsetGain,
  gainAtLastSize,
  idOodDifference,
  marginGain,
  minimumDetectableEffect,
  pretrainingGain,
  retainedShare,
  type Sizes,
} from './gain.js'
export {
  ARMS,
  type Arm,
  type GainDesign,
  type Group,
  gainDesign,
  type Outcome,
  type Split,
} from './outcomes.js'
export { type SampleEfficiency, sampleEfficiency } from './sample-efficiency.js'
export { fitTransferLaw, type TransferLaw, type TransferPoint } from './transfer-law.js'
