import type { ScalingForm } from '../form.js'

/**
 * pass@k in training compute and samples, ln(−ln Q) = c0 + c1·ln C + c2·ln k + c3·ln C·ln k.
 *
 * Source: Krajewski et al., arXiv:2512.08894, Eq. 5: least squares, free signs (c1 < 0 expected), Q ∈ {0, 1} dropped.
 */
export const repeatedSampling: ScalingForm = {
  id: 'repeated-sampling',
  title: 'Repeated sampling',
  equation: 'ln(−ln Q) = c0 + c1·ln C + c2·ln k + c3·ln C·ln k',
  inputs: ['flops', 'samples'],
  response: 'lnNegLnAccuracy',
  roles: [{ as: 'sampling' }],
  parameters: [
    { name: 'c0', unit: 'ln', lower: -300, upper: 300 },
    { name: 'c1', unit: 'exponent', lower: -5, upper: 5 },
    { name: 'c2', unit: 'exponent', lower: -50, upper: 50 },
    { name: 'c3', unit: 'exponent', lower: -2, upper: 2 },
  ],
  linear: true,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const c0 = theta[0]
    const c1 = theta[1]
    const c2 = theta[2]
    const c3 = theta[3]
    const c = row[0]
    const k = row[1]
    if (gradient !== null) {
      gradient[0] = 1
      gradient[1] = c
      gradient[2] = k
      gradient[3] = c * k
    }
    return c0 + c1 * c + c2 * k + c3 * c * k
  },
  starts: () => [[0, 0, 0, 0]],
  source: 'arXiv:2512.08894, Eq. 5',
  example: {
    theta: [9, -0.17, 0.4, -0.015],
    ranges: [
      [1e18, 1e22],
      [1, 256],
    ],
  },
}
