import { meanInput, responseRange, type ScalingForm } from '../form.js'

/**
 * Additive power law of a score, metric = a + b·N^c + d·D^e (rerankers); a score that rises to `a`
 * has b, d < 0, written as −exp(logB), −exp(logD) with c, e ≤ 0.
 *
 * Source: arXiv:2603.04816 (docs/methods/scaling.md#forms; text only).
 */
export const additivePower: ScalingForm = {
  id: 'additive-power',
  title: 'Additive power law of a score',
  equation: 'metric = a − B·N^(−c) − D·T^(−e)',
  inputs: ['params', 'tokens'],
  response: 'metric',
  roles: [],
  parameters: [
    { name: 'a', unit: 'score', lower: -10, upper: 10 },
    { name: 'logB', unit: 'ln score', lower: -40, upper: 60 },
    { name: 'c', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'logD', unit: 'ln score', lower: -40, upper: 60 },
    { name: 'e', unit: 'exponent', lower: 0, upper: 3 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const a = theta[0]
    const logB = theta[1]
    const c = theta[2]
    const logD = theta[3]
    const e = theta[4]
    const size = Math.exp(logB - c * row[0])
    const data = Math.exp(logD - e * row[1])
    if (gradient !== null) {
      gradient[0] = 1
      gradient[1] = -size
      gradient[2] = size * row[0]
      gradient[3] = -data
      gradient[4] = data * row[1]
    }
    return a - size - data
  },
  starts(design) {
    const { low, high } = responseRange(design)
    const n = meanInput(design, 0)
    const d = meanInput(design, 1)
    const out: number[][] = []
    const half = Math.log(Math.max(1e-4, (high - low) / 2))
    for (const a of [high, high + (high - low) / 2])
      for (const c of [0.1, 0.3, 0.7])
        for (const e of [0.1, 0.3, 0.7]) out.push([a, half + c * n, c, half + e * d, e])
    return out
  },
  source: 'arXiv:2603.04816',
  example: {
    theta: [0.85, 4.5, 0.32, 4, 0.28],
    ranges: [
      [1e7, 1e10],
      [1e6, 1e10],
    ],
  },
}
