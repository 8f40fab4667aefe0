import { meanInput, responseRange, type ScalingForm } from '../form.js'

/**
 * Accuracy from compute and context, Q = [1 − e^(−A·(C/Cc)^alpha)]·[1 − e^(−B·(n/nc)^beta)]·sigma(n_ctx − n),
 * n tokens of context, n_ctx the model's context limit.
 *
 * Source: arXiv:2510.14919 (docs/methods/scaling.md#forms; text only). A/Cc^alpha and B/nc^beta enter as one parameter
 * each, since no data can tell A from Cc. Differs: a note about the paper has σ(n − n_ctx), which would rise beyond the
 * limit; the penalty here falls beyond it, over a width of a twentieth of the limit.
 */
export const contextAware: ScalingForm = {
  id: 'context-aware',
  title: 'Context-aware accuracy law',
  equation: 'Q = [1 − e^(−A·C^alpha)]·[1 − e^(−B·n^beta)]·sigma(n_ctx − n)',
  inputs: ['flops', 'contextLength', 'contextLimit'],
  response: 'accuracy',
  roles: [],
  parameters: [
    { name: 'logA', unit: 'ln', lower: -60, upper: 20 },
    { name: 'alpha', unit: 'exponent', lower: 0, upper: 2 },
    { name: 'logB', unit: 'ln', lower: -30, upper: 20 },
    { name: 'beta', unit: 'exponent', lower: 0, upper: 3 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const lnContext = Math.log(row[1])
    const logA = theta[0]
    const alpha = theta[1]
    const logB = theta[2]
    const beta = theta[3]
    const u = Math.exp(logA + alpha * row[0])
    const v = Math.exp(logB + beta * lnContext)
    const compute = -Math.expm1(-u)
    const context = -Math.expm1(-v)
    const within = 1 / (1 + Math.exp((row[1] - row[2]) / (row[2] / 20)))
    if (gradient !== null) {
      const du = Math.exp(-u) * u * context * within
      const dv = Math.exp(-v) * v * compute * within
      gradient[0] = du
      gradient[1] = du * row[0]
      gradient[2] = dv
      gradient[3] = dv * lnContext
    }
    return compute * context * within
  },
  starts(design) {
    const centre = meanInput(design, 0)
    const length = Math.log(meanInput(design, 1))
    const level = Math.min(0.95, Math.max(0.05, responseRange(design).mean))
    const u = Math.log(-Math.log(1 - Math.sqrt(level)))
    const out: number[][] = []
    for (const alpha of [0.05, 0.2, 0.5])
      for (const beta of [0.2, 0.6, 1.2]) out.push([u - alpha * centre, alpha, u - beta * length, beta])
    return out
  },
  source: 'arXiv:2510.14919',
  example: {
    theta: [-9.5, 0.2, -3.2, 0.55],
    ranges: [
      [1e19, 1e23],
      [64, 6000],
      [4096, 8192],
    ],
  },
}
