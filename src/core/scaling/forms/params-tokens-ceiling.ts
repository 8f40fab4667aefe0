import { logSumExp, responseRange, type ScalingForm, type Shares } from '../form.js'
import { NO_CEILING } from './direct-ceiling.js'
import { startsAroundCentre } from './params-tokens.js'

const shares: Shares = { a: 0, b: 0, c: 0 }

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
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const logA = theta[0]
    const alpha = theta[1]
    const logB = theta[2]
    const beta = theta[3]
    const logE = theta[4]
    const size = logA - alpha * row[0]
    const data = logB - beta * row[1]
    const value = logSumExp(size, data, logE, shares)
    if (gradient !== null) {
      gradient[0] = shares.a
      gradient[1] = -shares.a * row[0]
      gradient[2] = shares.b
      gradient[3] = -shares.b * row[1]
      gradient[4] = shares.c
    }
    return value
  },
  powers: (theta) => ({ logA: theta[0], alpha: theta[1], logB: theta[2], beta: theta[3] }),
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
