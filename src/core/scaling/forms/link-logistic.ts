import { meanInput, responseRange, type ScalingForm } from '../form.js'

/**
 * Accuracy logistic in loss, Q = a/(1 + exp(k·(L − l0))) + b: second stage of two.
 *
 * Differs: written for a falling curve with a, k ≥ 0, so that the sign of (a, k) is not left to the start
 * (docs/methods/scaling.md#forms).
 */
export const linkLogistic: ScalingForm = {
  id: 'link-logistic',
  title: 'Accuracy logistic in loss',
  equation: 'Q = a/(1 + exp(k·(L − l0))) + b',
  inputs: ['loss'],
  response: 'accuracy',
  roles: [{ as: 'second-stage', loss: 'loss', name: 'logistic', pairs: 'any' }],
  parameters: [
    { name: 'a', unit: 'share', lower: 0, upper: 1 },
    { name: 'b', unit: 'share', lower: 0, upper: 1 },
    { name: 'k', unit: 'per nat', lower: 0, upper: 50 },
    { name: 'l0', unit: 'nats/token', lower: 0, upper: 12 },
  ],
  linear: false,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const a = theta[0]
    const b = theta[1]
    const k = theta[2]
    const l0 = theta[3]
    const s = 1 / (1 + Math.exp(k * (row[0] - l0)))
    if (gradient !== null) {
      const slope = -a * s * (1 - s)
      gradient[0] = s
      gradient[1] = 1
      gradient[2] = slope * (row[0] - l0)
      gradient[3] = -slope * k
    }
    return a * s + b
  },
  starts(design) {
    const { low, high } = responseRange(design)
    const centre = meanInput(design, 0)
    const out: number[][] = []
    for (const a of [Math.min(1, high - low + 0.05), 1 - Math.max(0, low)])
      for (const k of [1, 3, 8])
        for (const l0 of [centre, centre - 0.7]) out.push([a, Math.max(0, low), k, l0])
    return out
  },
  source: 'arXiv:2512.08894, two-stage baseline',
  example: { theta: [0.6, 0.25, 3, 2.6], ranges: [[1.6, 4]] },
}
