import type { ScalingForm } from '../form.js'

/**
 * Loss as a power law in compute without an irreducible part, ln L = c0 + c1·ln C: first stage of two.
 *
 * Source: the two-stage baseline of arXiv:2512.08894 (read in the authors' code).
 */
export const lossPower: ScalingForm = {
  id: 'loss-power',
  title: 'Loss power law in compute',
  equation: 'ln L = c0 + c1·ln C',
  inputs: ['flops'],
  response: 'lnLoss',
  roles: [{ as: 'first-stage', loss: 'loss' }],
  parameters: [
    { name: 'c0', unit: 'ln', lower: -100, upper: 100 },
    { name: 'c1', unit: 'exponent', lower: -3, upper: 3 },
  ],
  linear: true,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const c0 = theta[0]
    const c1 = theta[1]
    if (gradient !== null) {
      gradient[0] = 1
      gradient[1] = row[0]
    }
    return c0 + c1 * row[0]
  },
  starts: () => [[0, 0]],
  source: 'arXiv:2512.08894, two-stage baseline',
  example: { theta: [3.4, -0.05], ranges: [[1e18, 1e22]] },
}
