import {
  type Design,
  grid,
  logSumExp,
  meanInput,
  responseRange,
  type ScalingForm,
  type Shares,
} from '../form.js'

/** Amplitudes such that each term is `share` of the data's mean response at the data's centre. */
export function startsAroundCentre(design: Design): number[][] {
  const { mean } = responseRange(design)
  const n = meanInput(design, 0)
  const d = meanInput(design, 1)
  const exponents = [0.07, 0.25, 0.8]
  return grid([0.3, 0.7], exponents, exponents).map(([share, alpha, beta]) => [
    mean + Math.log(share) + alpha * n,
    alpha,
    mean + Math.log(1 - share) + beta * d,
    beta,
  ])
}

const shares: Shares = { a: 0, b: 0, c: 0 }

/**
 * Accuracy from model size and data, −ln Q′ = A·N^(−alpha) + B·D^(−beta), as a log-sum-exp.
 *
 * Source: Krajewski et al., arXiv:2512.08894, Eq. 4.
 * Differs: starts around the data's centre instead of the authors' 81 absolute ones; exponents in [0, 3].
 */
export const paramsTokens: ScalingForm = {
  id: 'params-tokens',
  title: 'Power laws in parameters and tokens',
  equation: '−ln Q′ = A·N^(−alpha) + B·D^(−beta)',
  inputs: ['params', 'tokens'],
  response: 'lnNegLnAccuracy',
  roles: [{ as: 'candidate', average: true }],
  parameters: [
    { name: 'logA', unit: 'ln', lower: -100, upper: 200 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logB', unit: 'ln', lower: -100, upper: 200 },
    { name: 'beta', unit: 'exponent', lower: 0, upper: 3 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const logA = theta[0]
    const alpha = theta[1]
    const logB = theta[2]
    const beta = theta[3]
    const size = logA - alpha * row[0]
    const data = logB - beta * row[1]
    const value = logSumExp(size, data, -Infinity, shares)
    if (gradient !== null) {
      gradient[0] = shares.a
      gradient[1] = -shares.a * row[0]
      gradient[2] = shares.b
      gradient[3] = -shares.b * row[1]
    }
    return value
  },
  powers: (theta) => ({ logA: theta[0], alpha: theta[1], logB: theta[2], beta: theta[3] }),
  starts: startsAroundCentre,
  source: 'arXiv:2512.08894, Eq. 4',
  example: {
    theta: [8, 0.42, 7, 0.33],
    ranges: [
      [1e8, 3e9],
      [2e9, 1e12],
    ],
  },
}
