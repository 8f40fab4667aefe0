import { grid, logSumExp, meanInput, responseRange, type ScalingForm, type Shares } from '../form.js'

const shares: Shares = { a: 0, b: 0, c: 0 }

/**
 * Loss of over-trained models, L = E + (a·M^eta + b·M^(−eta))·C^(−eta) with M = D/N and C = 6·N·D.
 *
 * Source: Gadre et al., arXiv:2403.08540, Eq. 4 (equation number unchecked).
 * Reproduced: test/papers/gadre-2024.test.ts.
 */
export const overTraining: ScalingForm = {
  id: 'over-training',
  title: 'Over-training loss law',
  equation: 'L = E + (a·M^eta + b·M^(−eta))·C^(−eta), M = D/N',
  inputs: ['params', 'tokens'],
  response: 'lnLoss',
  roles: [
    {
      as: 'first-stage',
      loss: 'loss',
      only: {
        second: 'link-exponential',
        id: 'over-training',
        title: 'Over-training law, exponential error',
      },
    },
  ],
  parameters: [
    { name: 'logA', unit: 'ln nats/token', lower: -50, upper: 100 },
    { name: 'logB', unit: 'ln nats/token', lower: -50, upper: 100 },
    { name: 'eta', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'logE', unit: 'ln nats/token', lower: -8, upper: 4 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    // a·M^eta·C^(−eta) = a·(6·N²)^(−eta); b·M^(−eta)·C^(−eta) = b·(6·D²)^(−eta).
    const sizeLog = Math.log(6) + 2 * row[0]
    const dataLog = Math.log(6) + 2 * row[1]
    const logA = theta[0]
    const logB = theta[1]
    const eta = theta[2]
    const logE = theta[3]
    const size = logA - eta * sizeLog
    const data = logB - eta * dataLog
    const value = logSumExp(size, data, logE, shares)
    if (gradient !== null) {
      gradient[0] = shares.a
      gradient[1] = shares.b
      gradient[2] = -shares.a * sizeLog - shares.b * dataLog
      gradient[3] = shares.c
    }
    return value
  },
  // (a·M^eta + b·M^(−eta))·C^(−eta) = a·6^(−eta)·N^(−2·eta) + b·6^(−eta)·D^(−2·eta).
  powers: (theta) => ({
    logA: theta[0] - theta[2] * Math.log(6),
    alpha: 2 * theta[2],
    logB: theta[1] - theta[2] * Math.log(6),
    beta: 2 * theta[2],
  }),
  starts(design) {
    const { mean, low } = responseRange(design)
    const n = Math.log(6) + 2 * meanInput(design, 0)
    const d = Math.log(6) + 2 * meanInput(design, 1)
    return grid([0.05, 0.12, 0.25, 0.5], [low - 2, low - 0.4, low - 0.1]).map(([eta, e]) => {
      const rest = Math.log(Math.max(1e-3, (Math.exp(mean) - Math.exp(e)) / 2))
      return [rest + eta * n, rest + eta * d, eta, e]
    })
  },
  source: 'arXiv:2403.08540 (Gadre et al.)',
  example: {
    theta: [5.2, 5.6, 0.13, 0.5],
    ranges: [
      [1e7, 7e9],
      [5e8, 1e12],
    ],
  },
}
