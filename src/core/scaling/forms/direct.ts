import type { ScalingForm } from '../form.js'

/**
 * Power law of log accuracy in training compute, −ln Q′ = A·C^(−alpha); linear in ln C on a double logarithm.
 *
 * Source: Krajewski et al., arXiv:2512.08894, Eq. 2. Reproduced: test/papers/krajewski-2025.test.ts
 */
export const direct: ScalingForm = {
  id: 'direct',
  title: 'Direct power law in compute',
  equation: '−ln Q′ = A·C^(−alpha)',
  inputs: ['flops'],
  response: 'lnNegLnAccuracy',
  roles: [{ as: 'candidate', average: true }],
  parameters: [
    { name: 'logA', unit: 'ln', lower: -100, upper: 200 },
    { name: 'alpha', unit: 'exponent', lower: -5, upper: 5 },
  ],
  linear: true,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const logA = theta[0]
    const alpha = theta[1]
    if (gradient !== null) {
      gradient[0] = 1
      gradient[1] = -row[0]
    }
    return logA - alpha * row[0]
  },
  starts: () => [[0, 0]],
  source: 'arXiv:2512.08894, Eq. 2',
  example: { theta: [8.5, 0.19], ranges: [[1e18, 1e22]] },
}
