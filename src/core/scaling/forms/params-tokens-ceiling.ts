import { responseRange, type ScalingForm } from '../form.js'
import { powersOfSizeAndData } from '../power-sums.js'
import { NO_CEILING } from './direct-ceiling.js'
import { startsAroundCentre } from './params-tokens.js'

/**
 * N and D with a ceiling, −ln Q′ = A·N^(−alpha) + B·D^(−beta) + E: the shape of Chinchilla's loss law on −ln Q′.
 * The paper gives the ceiling for the law in C only.
 */
export const paramsTokensCeiling: ScalingForm = {
  id: 'params-tokens-ceiling',
  title: 'Power laws in parameters and tokens with a ceiling',
  equation: '−ln Q′ = A·N^(−alpha) + B·D^(−beta) + E',
  inputs: ['params', 'tokens'],
  response: 'lnNegLnAccuracy',
  roles: [{ as: 'candidate', average: true }],
  parameters: [
    { name: 'logA', unit: 'ln', lower: -100, upper: 200 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logB', unit: 'ln', lower: -100, upper: 200 },
    { name: 'beta', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logE', unit: 'ln', lower: NO_CEILING, upper: 1, vanishes: true },
  ],
  ...powersOfSizeAndData(true),
  starts(design) {
    const { mean } = responseRange(design)
    return startsAroundCentre(design).flatMap((s) => [
      [...s, mean - 3],
      [s[0] - 0.5, s[1], s[2] - 0.5, s[3], mean - 1],
    ])
  },
  source: 'arXiv:2512.08894, Eq. 4 with the ceiling of its direct form',
  example: {
    theta: [9, 0.5, 9, 0.42, -1.5],
    ranges: [
      [1e8, 3e9],
      [2e9, 1e12],
    ],
  },
}
