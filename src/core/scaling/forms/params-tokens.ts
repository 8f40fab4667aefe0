import { type Design, grid, meanInput, responseRange, type ScalingForm } from '../form.js'
import { powersOfSizeAndData } from '../power-sums.js'

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
  ...powersOfSizeAndData(false),
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
