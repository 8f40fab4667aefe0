import type { ScalingForm } from '../form.js'

/**
 * Effective data transferred from pre-training, D_T = k·D_F^alpha·N^beta; the effective data are D_F + D_T.
 *
 * Source: Hernandez et al., "Scaling laws for transfer", arXiv:2102.01293, Eq. 1 (equation number unchecked).
 */
export const transfer: ScalingForm = {
  id: 'transfer',
  title: 'Effective data transferred',
  equation: 'D_T = k·D_F^alpha·N^beta',
  inputs: ['fineTuneTokens', 'params'],
  response: 'lnTokens',
  roles: [],
  parameters: [
    { name: 'logK', unit: 'ln tokens', lower: -100, upper: 100 },
    { name: 'alpha', unit: 'exponent', lower: -5, upper: 5 },
    { name: 'beta', unit: 'exponent', lower: -5, upper: 5 },
  ],
  linear: true,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const logK = theta[0]
    const alpha = theta[1]
    const beta = theta[2]
    if (gradient !== null) {
      gradient[0] = 1
      gradient[1] = row[0]
      gradient[2] = row[1]
    }
    return logK + alpha * row[0] + beta * row[1]
  },
  starts: () => [[0, 0, 0]],
  source: 'arXiv:2102.01293 (Hernandez et al.)',
  example: {
    theta: [Math.log(1.9e4), 0.18, 0.38],
    ranges: [
      [1e5, 1e9],
      [1e6, 1e9],
    ],
  },
}
