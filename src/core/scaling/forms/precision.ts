import type { ScalingForm } from '../form.js'

/** ln(1 − e^(−x)) for x > 0. */
function logOneMinusExp(x: number): number {
  return x > 1 ? Math.log1p(-Math.exp(-x)) : Math.log(-Math.expm1(-x))
}

/** d/dx of ln(1 − e^(−x)). */
function slopeOf(x: number): number {
  return 1 / Math.expm1(x)
}

/**
 * Loss of low-precision training with post-training quantization,
 * L = A·N_eff^(−alpha) + B·D^(−beta) + E + C_T·D^gammaD·N^(−gammaN)·e^(−P_post/gammaPost),
 * N_eff = N·Π over weights, activations, cache of (1 − e^(−P_x/gamma_x)).
 *
 * Source: Kumar et al., "Scaling laws for precision", arXiv:2411.04330.
 * Differs: residuals in nats instead of their logarithm.
 */
export const precision: ScalingForm = {
  id: 'precision',
  title: 'Precision loss law',
  equation: 'L = A·N_eff^(−alpha) + B·D^(−beta) + E + C_T·D^gammaD·N^(−gammaN)·e^(−P_post/gammaPost)',
  inputs: ['params', 'tokens', 'weightBits', 'activationBits', 'cacheBits', 'postTrainBits'],
  response: 'loss',
  roles: [],
  parameters: [
    { name: 'logA', unit: 'ln nats/token', lower: -20, upper: 60 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'logB', unit: 'ln nats/token', lower: -20, upper: 60 },
    { name: 'beta', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'E', unit: 'nats/token', lower: 0, upper: 6 },
    { name: 'gammaW', unit: 'bits', lower: 0.1, upper: 16 },
    { name: 'gammaA', unit: 'bits', lower: 0.1, upper: 16 },
    { name: 'gammaKv', unit: 'bits', lower: 0.1, upper: 16 },
    { name: 'logCt', unit: 'ln nats/token', lower: -60, upper: 20 },
    { name: 'gammaD', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'gammaN', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'gammaPost', unit: 'bits', lower: 0.1, upper: 8 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const logA = theta[0]
    const alpha = theta[1]
    const logB = theta[2]
    const beta = theta[3]
    const floor = theta[4]
    const logCt = theta[8]
    const gammaD = theta[9]
    const gammaN = theta[10]
    const gammaPost = theta[11]
    const lnN = row[0]
    const lnD = row[1]
    const postBits = row[5]
    let lnEffective = lnN
    for (let i = 0; i < 3; i++) lnEffective += logOneMinusExp(row[2 + i] / theta[5 + i])
    const size = Math.exp(logA - alpha * lnEffective)
    const data = Math.exp(logB - beta * lnD)
    const quantized = Math.exp(logCt + gammaD * lnD - gammaN * lnN - postBits / gammaPost)
    if (gradient !== null) {
      gradient[0] = size
      gradient[1] = -size * lnEffective
      gradient[2] = data
      gradient[3] = -data * lnD
      gradient[4] = 1
      for (let i = 0; i < 3; i++) {
        const x = row[2 + i] / theta[5 + i]
        gradient[5 + i] = ((size * alpha * x) / theta[5 + i]) * slopeOf(x)
      }
      gradient[8] = quantized
      gradient[9] = quantized * lnD
      gradient[10] = -quantized * lnN
      gradient[11] = (quantized * postBits) / (gammaPost * gammaPost)
    }
    return size + data + floor + quantized
  },
  starts() {
    const out: number[][] = []
    for (const exponent of [0.3, 0.5])
      for (const bits of [1.5, 2.5])
        for (const post of [0.6, 1])
          out.push([
            exponent * 18,
            exponent,
            exponent * 20,
            exponent,
            1.8,
            bits,
            bits,
            bits,
            -3,
            0.5,
            0.5,
            post,
          ])
    return out
  },
  source: 'arXiv:2411.04330 (Scaling laws for precision)',
  example: {
    theta: [8.35, 0.49, 10.8, 0.56, 2.76, 2.67, 2.2, 0.96, -2.4, 0.51, 0.53, 0.54],
    ranges: [
      [3e7, 2e9],
      [1e9, 1e11],
      [3, 12],
      [3, 12],
      [3, 12],
      [2, 6],
    ],
  },
}
