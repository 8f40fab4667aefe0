export {
  type AdaptationCurve,
  type AdaptationLaw,
  adaptationCurve,
  adaptationError,
} from './adaptation-curve.js'
export { decideGain, type GainDecision, type Superiority } from './decision.js'
export {
  chanceCentredGain,
  cleanSubsetGain,
  idOodDifference,
  minimumDetectableEffect,
  pretrainingGain,
  retainedShare,
  type Sizes,
} from './gain.js'
export { type Arm, type GainDesign, type Group, gainDesign, type Outcome, type Split } from './outcomes.js'
export {
  type Censored,
  effectiveDataTransferred,
  type SampleEfficiency,
  sampleEfficiency,
} from './sample-efficiency.js'
export { fitTransferLaw, type TransferLaw, type TransferPoint } from './transfer-law.js'
