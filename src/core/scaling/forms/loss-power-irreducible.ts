import { grid, meanInput, responseRange, type ScalingForm } from '../form.js'
import { powerAboveFloor } from '../power-sums.js'

/**
 * Loss as a power law in compute above an irreducible loss, L = A·C^(−alpha) + E, in log space.
 *
 * Source: Kaplan/Hoffmann-style law in C alone, which halved the error of two stages on one public set.
 */
export const lossPowerIrreducible: ScalingForm = {
  id: 'loss-power-irreducible',
  title: 'Loss power law in compute with irreducible loss',
  equation: 'L = A·C^(−alpha) + E',
  inputs: ['flops'],
  response: 'lnLoss',
  roles: [
    {
      as: 'first-stage',
      loss: 'loss',
      variant: { id: 'irreducible', title: 'irreducible loss' },
    },
  ],
  parameters: [
    { name: 'logA', unit: 'ln nats/token', lower: -50, upper: 100 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'logE', unit: 'ln nats/token', lower: -8, upper: 4 },
  ],
  ...powerAboveFloor,
  starts(design) {
    const { mean, low } = responseRange(design)
    const centre = meanInput(design, 0)
    return grid([0.05, 0.15, 0.35], [low - 2, low - 0.5, low - 0.1]).map(([alpha, e]) => [
      Math.log(Math.max(1e-3, Math.exp(mean) - Math.exp(e))) + alpha * centre,
      alpha,
      e,
    ])
  },
  source: 'docs/methods/scaling.md#forms; cf. arXiv:2203.15556',
  example: { theta: [8, 0.17, 0.55], ranges: [[1e18, 1e22]] },
}
