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
import { updatesToData } from './updates-to-data.js'

/**
 * Every scaling law that the fitter knows, one file and one line each. `assay fit` offers them all; `forecast` builds
 * its candidates from the roles that they declare, in the order of this list. The contract suite iterates it.
 */
export const FORMS: readonly ScalingForm[] = [
  direct,
  directCeiling,
  paramsTokens,
  paramsTokensCeiling,
  bnsl,
  lossPower,
  lossPowerIrreducible,
  overTraining,
  chinchilla,
  linkLinear,
  linkLogistic,
  linkExponential,
  ladderSigmoid,
  repeatedSampling,
  additivePower,
  contextAware,
  coverage,
  precision,
  sparse,
  transfer,
  updatesToData,
]
