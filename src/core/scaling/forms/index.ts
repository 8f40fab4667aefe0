import type { ScalingForm } from '../form.js'
import { additivePower } from './additive-power.js'
import { bnsl } from './bnsl.js'
import { chinchilla } from './chinchilla.js'
import { contextAware } from './context-aware.js'
import { coverage } from './coverage.js'
import { direct } from './direct.js'
import { directCeiling } from './direct-ceiling.js'
import { ladderSigmoid } from './ladder-sigmoid.js'
import { linkExponential } from './link-exponential.js'
import { linkLinear } from './link-linear.js'
import { linkLogistic } from './link-logistic.js'
import { lossPower } from './loss-power.js'
import { lossPowerIrreducible } from './loss-power-irreducible.js'
import { overTraining } from './over-training.js'
import { paramsTokens } from './params-tokens.js'
import { paramsTokensCeiling } from './params-tokens-ceiling.js'
import { precision } from './precision.js'
import { repeatedSampling } from './repeated-sampling.js'
import { sparse } from './sparse.js'
import { transfer } from './transfer.js'

/** Every scaling law that the fitter knows. The contract suite iterates this list. */
export const FORMS: readonly ScalingForm[] = [
  additivePower,
  bnsl,
  chinchilla,
  contextAware,
  coverage,
  direct,
  directCeiling,
  ladderSigmoid,
  linkExponential,
  linkLinear,
  linkLogistic,
  lossPower,
  lossPowerIrreducible,
  overTraining,
  paramsTokens,
  paramsTokensCeiling,
  precision,
  repeatedSampling,
  sparse,
  transfer,
]
