import { meanInput, responseRange, type ScalingForm } from '../form.js'

/**
 * Accuracy from task loss by the model ladder's sigmoid, Q = a/(1 + exp(−k·(L − x0))) + b
 * with a ∈ [−1, 0], x0, k ≥ 0, b ∈ [0, 1].
 *
 * Source: Bhagia et al., "Establishing task scaling laws via compute-efficient model ladders", arXiv:2412.04403.
 */
export const ladderSigmoid: ScalingForm = {
  id: 'ladder-sigmoid',
  title: 'Accuracy sigmoid in task loss',
  equation: 'Q = a/(1 + exp(−k·(L − x0))) + b',
  inputs: ['loss'],
  response: 'accuracy',
  roles: [{ as: 'second-stage', loss: 'taskLoss', name: 'ladder', pairs: 'named', ideal: true }],
  parameters: [
    { name: 'a', unit: 'share', lower: -1, upper: 0 },
    { name: 'x0', unit: 'bits/byte', lower: 0, upper: 12 },
    { name: 'k', unit: 'byte/bit', lower: 0, upper: 50 },
    { name: 'b', unit: 'share', lower: 0, upper: 1 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const a = theta[0]
    const x0 = theta[1]
    const k = theta[2]
    const b = theta[3]
    const distance = row[0] - x0
    const s = 1 / (1 + Math.exp(-k * distance))
    if (gradient !== null) {
      const slope = a * s * (1 - s)
      gradient[0] = s
      gradient[1] = -slope * k
      gradient[2] = slope * distance
      gradient[3] = 1
    }
    return a * s + b
  },
  starts(design) {
    const { high } = responseRange(design)
    const centre = meanInput(design, 0)
    const out: number[][] = []
    for (const k of [1, 3, 8])
      for (const x0 of [centre, centre * 0.7])
        for (const b of [Math.min(1, high + 0.05), 1]) out.push([-0.6, x0, k, b])
    return out
  },
  source: 'arXiv:2412.04403 (model ladders)',
  example: { theta: [-0.7, 1.0, 4, 0.97], ranges: [[0.3, 2]] },
}
