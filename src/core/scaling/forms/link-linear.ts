import type { ScalingForm } from '../form.js'

/** Accuracy linear in loss, Q = a + b·L: second stage of two (docs/methods/scaling.md#forms). */
export const linkLinear: ScalingForm = {
  id: 'link-linear',
  title: 'Accuracy linear in loss',
  equation: 'Q = a + b·L',
  inputs: ['loss'],
  response: 'accuracy',
  roles: [{ as: 'second-stage', loss: 'loss', name: 'linear', pairs: 'any' }],
  parameters: [
    { name: 'a', unit: 'share', lower: -20, upper: 20 },
    { name: 'b', unit: 'share per nat', lower: -20, upper: 20 },
  ],
  linear: true,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const a = theta[0]
    const b = theta[1]
    if (gradient !== null) {
      gradient[0] = 1
      gradient[1] = row[0]
    }
    return a + b * row[0]
  },
  starts: () => [[0, 0]],
  source: 'arXiv:2512.08894, two-stage baseline',
  example: { theta: [1.6, -0.35], ranges: [[2, 4]] },
}
