import { grid, responseRange, type ScalingForm } from '../form.js'

/**
 * Coverage of repeated sampling, coverage(k) = exp(a·k^b) with a, b < 0: least squares of
 * ln coverage on a·k^b, as the source models it (log c ≈ a·k^b, §3).
 *
 * Source: Brown et al., "Large language monkeys", arXiv:2407.21787.
 */
export const coverage: ScalingForm = {
  id: 'coverage',
  title: 'Coverage of repeated sampling',
  equation: 'coverage(k) = exp(a·k^b)',
  inputs: ['samples'],
  response: 'lnCoverage',
  roles: [],
  parameters: [
    { name: 'logMinusA', unit: 'ln', lower: -20, upper: 5 },
    { name: 'b', unit: 'exponent', lower: -5, upper: 0 },
  ],
  linear: false,
  delta: Infinity,
  evaluate(theta, row, gradient) {
    const logMinusA = theta[0]
    const b = theta[1]
    const value = -Math.exp(logMinusA + b * row[0])
    if (gradient !== null) {
      gradient[0] = value
      gradient[1] = value * row[0]
    }
    return value
  },
  starts(design) {
    const level = Math.log(Math.max(1e-6, -responseRange(design).low))
    return grid([level, level - 1], [-0.1, -0.4, -1])
  },
  source: 'arXiv:2407.21787 (Large language monkeys)',
  example: { theta: [0.7, -0.35], ranges: [[1, 1000]] },
}
