import { logSumExp, type ScalingForm, type Shares } from './form.js'

type Evaluated = Pick<ScalingForm, 'linear' | 'delta' | 'evaluate'>

const shares: Shares = { a: 0, b: 0, c: 0 }

/** ln(A·C^(−alpha) + E), theta {logA, alpha, logE} at a row {ln C}, with Huber's loss. */
export const powerAboveFloor: Evaluated = {
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const value = logSumExp(theta[0] - theta[1] * row[0], theta[2], -Infinity, shares)
    if (gradient !== null) {
      gradient[0] = shares.a
      gradient[1] = -shares.a * row[0]
      gradient[2] = shares.b
    }
    return value
  },
}

/**
 * ln(A·N^(−alpha) + B·D^(−beta) + E), theta {logA, alpha, logB, beta, logE} at a row {ln N, ln D}, with Huber's loss.
 *
 * @param hasFloor false where E is 0 and no parameter
 */
export function powersOfSizeAndData(hasFloor: boolean): Evaluated & Pick<ScalingForm, 'powers'> {
  return {
    linear: false,
    delta: 1e-3,
    evaluate(theta, row, gradient) {
      const size = theta[0] - theta[1] * row[0]
      const data = theta[2] - theta[3] * row[1]
      const value = logSumExp(size, data, hasFloor ? theta[4] : -Infinity, shares)
      if (gradient !== null) {
        gradient[0] = shares.a
        gradient[1] = -shares.a * row[0]
        gradient[2] = shares.b
        gradient[3] = -shares.b * row[1]
        if (hasFloor) gradient[4] = shares.c
      }
      return value
    },
    powers: (theta) => ({ logA: theta[0], alpha: theta[1], logB: theta[2], beta: theta[3] }),
  }
}
