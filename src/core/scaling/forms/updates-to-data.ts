import { grid, logSumExp, meanInput, responseRange, type ScalingForm, type Shares } from '../form.js'

const shares: Shares = { a: 0, b: 0, c: 0 }

/**
 * Environment steps that value-based reinforcement learning needs to reach a performance, from the
 * updates-to-data ratio sigma: D(sigma) = D_min + (beta/sigma)^alpha, as a log-sum-exp.
 *
 * Source: Rybkin et al., "Value-based deep RL scales predictably", arXiv:2502.04327 (equation number unchecked).
 */
export const updatesToData: ScalingForm = {
  id: 'updates-to-data',
  title: 'Data that value-based RL needs',
  equation: 'D(sigma) = D_min + (beta/sigma)^alpha',
  inputs: ['updatesToData'],
  response: 'lnSteps',
  roles: [],
  parameters: [
    { name: 'logDmin', unit: 'ln steps', lower: -20, upper: 60 },
    { name: 'logBeta', unit: 'ln updates', lower: -100, upper: 1000 },
    { name: 'alpha', unit: 'exponent', lower: 0.01, upper: 5 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const logDmin = theta[0]
    const logBeta = theta[1]
    const alpha = theta[2]
    const distance = logBeta - row[0]
    const value = logSumExp(alpha * distance, logDmin, -Infinity, shares)
    if (gradient !== null) {
      gradient[0] = shares.b
      gradient[1] = shares.a * alpha
      gradient[2] = shares.a * distance
    }
    return value
  },
  starts(design) {
    const { mean, low } = responseRange(design)
    const centre = meanInput(design, 0)
    return grid([0.2, 0.5, 1, 2], [low - 2, low - 0.4, low - 0.1]).map(([alpha, floor]) => [
      floor,
      centre + Math.log(Math.max(1e-3, Math.exp(mean) - Math.exp(floor))) / alpha,
      alpha,
    ])
  },
  source: 'arXiv:2502.04327 (Rybkin et al.)',
  example: { theta: [Math.log(2e5), 16.5, 0.75], ranges: [[0.25, 16]] },
}
