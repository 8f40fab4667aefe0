import { grid, meanInput, responseRange, type ScalingForm } from '../form.js'
import { powerAboveFloor } from '../power-sums.js'

/** ln E of a ceiling 6·10⁻⁶ below certainty: none. */
export const NO_CEILING = -12

/**
 * Direct power law with a ceiling, −ln Q′ = A·C^(−alpha) + E; the best reachable accuracy is
 * e^(−E)·(1 − Q_rand) + Q_rand. Fitted in log space with Huber's loss.
 *
 * Differs: the authors start from a grid of ln A in 0…25; ours lies around the data's centre, which is the same
 * grid for any unit of compute.
 */
export const directCeiling: ScalingForm = {
  id: 'direct-ceiling',
  title: 'Direct power law with a ceiling',
  equation: '−ln Q′ = A·C^(−alpha) + E',
  inputs: ['flops'],
  response: 'lnNegLnAccuracy',
  roles: [{ as: 'candidate', average: true }],
  parameters: [
    { name: 'logA', unit: 'ln', lower: -100, upper: 200 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logE', unit: 'ln', lower: NO_CEILING, upper: 1, vanishes: true },
  ],
  ...powerAboveFloor,
  starts(design) {
    const { mean } = responseRange(design)
    const centre = meanInput(design, 0)
    return grid([mean, mean - 0.5], [0.1, 0.3, 0.7], [mean - 3, mean - 1, mean - 0.3]).map(
      ([level, alpha, e]) => [level + alpha * centre, alpha, e],
    )
  },
  source: 'arXiv:2512.08894, direct form with an irreducible term (equation number unchecked)',
  example: { theta: [14, 0.32, -1.2], ranges: [[1e18, 1e22]] },
}
