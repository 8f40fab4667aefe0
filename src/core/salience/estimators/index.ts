import type { SalienceEstimator } from '../estimator.js'
import { forwardSelection } from './forward-selection.js'
import { logCompute } from './log-compute.js'
import { meanLinear } from './mean-linear.js'
import { meanSigmoid } from './mean-sigmoid.js'
import { pls } from './pls.js'
import { rankCorrelation } from './rank-correlation.js'
import { residualComponents } from './residual-components.js'
import { residualRidge } from './residual-ridge.js'
import { tokenSigmoid } from './token-sigmoid.js'

/** Every way from losses to scores: baselines first, candidates from the simplest on. An estimator is one file and one line here. */
export const SALIENCE_ESTIMATORS: readonly SalienceEstimator[] = [
  meanLinear,
  meanSigmoid,
  logCompute,
  residualRidge,
  pls,
  residualComponents,
  tokenSigmoid,
  rankCorrelation,
  forwardSelection,
]
