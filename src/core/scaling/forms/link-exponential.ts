import { meanInput, responseRange, type ScalingForm } from '../form.js'

/**
 * Average error from loss, Err = epsilon − k·exp(−gamma·L), written for accuracy Q = 1 − Err.
 *
 * Source: Gadre et al., arXiv:2403.08540, Eq. 5 (equation number unchecked).
 */
export const linkExponential: ScalingForm = {
  id: 'link-exponential',
  title: 'Error exponential in loss',
  equation: 'Q = 1 − epsilon + k·exp(−gamma·L)',
  inputs: ['loss'],
  response: 'accuracy',
  roles: [{ as: 'second-stage', loss: 'loss', name: 'exponential', pairs: 'any' }],
  parameters: [
    { name: 'epsilon', unit: 'share', lower: 0, upper: 1 },
    { name: 'logK', unit: 'ln', lower: -20, upper: 60 },
    { name: 'gamma', unit: 'per nat', lower: 0, upper: 15 },
  ],
  linear: false,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const epsilon = theta[0]
    const logK = theta[1]
    const gamma = theta[2]
    const e = Math.exp(logK - gamma * row[0])
    if (gradient !== null) {
      gradient[0] = -1
      gradient[1] = e
      gradient[2] = -e * row[0]
    }
    return 1 - epsilon + e
  },
  starts(design) {
    const { low, high } = responseRange(design)
    const centre = meanInput(design, 0)
    const out: number[][] = []
    for (const gamma of [0.3, 1, 2.5, 5])
      for (const floor of [low, low - 0.1])
        out.push([1 - Math.max(0, floor), Math.log(Math.max(0.02, (high - low) / 2)) + gamma * centre, gamma])
    return out
  },
  source: 'arXiv:2403.08540 (Gadre et al.), error from loss',
  example: { theta: [0.72, 2.6, 1.5], ranges: [[1.8, 4.5]] },
}
