import { type Design, grid, meanInput, responseRange, type ScalingForm } from '../form.js'
import { powersOfSizeAndData } from '../power-sums.js'

/** Starts of L = E + A·N^(−alpha) + B·D^(−beta) around the data's centre, for responses in ln L. */
export function chinchillaStarts(design: Design): number[][] {
  const { mean, low } = responseRange(design)
  const n = meanInput(design, 0)
  const d = meanInput(design, 1)
  return grid([0.15, 0.35, 0.7], [0.15, 0.35, 0.7], [low - 2, low - 0.4, low - 0.1]).map(
    ([alpha, beta, e]) => {
      const rest = Math.log(Math.max(1e-3, (Math.exp(mean) - Math.exp(e)) / 2))
      return [rest + alpha * n, alpha, rest + beta * d, beta, e]
    },
  )
}

/**
 * Loss from model size and data, L = E + A·N^(−alpha) + B·D^(−beta), as a log-sum-exp with Huber's loss.
 * On task losses (bits/byte) it is the first step of the model ladder.
 *
 * Source: Hoffmann et al., arXiv:2203.15556, Appendix D.3 (Approach 3).
 * Reproduced: test/papers/hoffmann-2022.test.ts, on the points and predictions of arXiv:2412.04403.
 */
export const chinchilla: ScalingForm = {
  id: 'chinchilla',
  title: 'Chinchilla loss law',
  equation: 'L = E + A·N^(−alpha) + B·D^(−beta)',
  inputs: ['params', 'tokens'],
  response: 'lnLoss',
  roles: [
    {
      as: 'first-stage',
      loss: 'taskLoss',
      only: { second: 'ladder-sigmoid', id: 'ladder', title: 'Model ladder: task loss, sigmoid' },
    },
  ],
  parameters: [
    { name: 'logA', unit: 'ln nats/token', lower: -50, upper: 100 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logB', unit: 'ln nats/token', lower: -50, upper: 100 },
    { name: 'beta', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logE', unit: 'ln nats/token', lower: -8, upper: 4 },
  ],
  ...powersOfSizeAndData(true),
  starts: chinchillaStarts,
  source: 'arXiv:2203.15556, Approach 3',
  example: {
    theta: [Math.log(406.4), 0.34, Math.log(410.7), 0.28, Math.log(1.69)],
    ranges: [
      [5e7, 1e10],
      [1e9, 1e12],
    ],
  },
}
