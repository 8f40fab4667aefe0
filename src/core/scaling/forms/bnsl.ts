import { meanInput, responseRange, type ScalingForm } from '../form.js'

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x))
}

/**
 * Broken neural scaling law with one break, Q = a + b·C^(−c0)·(1 + (C/d1)^(1/f1))^(−c1·f1), on raw accuracy.
 *
 * Source: Caballero et al., arXiv:2210.14891; as used in arXiv:2512.08894, Eq. 1.
 * Differs: b and d1 as logarithms with the sign of b held negative (accuracy rises to `a`); a deterministic grid
 * of starts instead of 100 random ones with 100 basin hops.
 */
export const bnsl: ScalingForm = {
  id: 'bnsl',
  title: 'Broken neural scaling law, one break',
  equation: 'Q = a − b·C^(−c0)·(1 + (C/d1)^(1/f1))^(−c1·f1)',
  inputs: ['flops'],
  response: 'accuracy',
  roles: [{ as: 'candidate', average: false }],
  parameters: [
    { name: 'a', unit: 'share', lower: 0, upper: 1 },
    { name: 'logB', unit: 'ln', lower: -30, upper: 60 },
    { name: 'c0', unit: 'exponent', lower: 0, upper: 3 },
    { name: 'c1', unit: 'exponent', lower: -1, upper: 3 },
    { name: 'logD1', unit: 'ln FLOPs', lower: 30, upper: 65 },
    { name: 'f1', unit: 'sharpness', lower: 0.05, upper: 3 },
  ],
  linear: false,
  delta: 1e-3,
  evaluate(theta, row, gradient) {
    const a = theta[0]
    const logB = theta[1]
    const c0 = theta[2]
    const c1 = theta[3]
    const logD = theta[4]
    const f = theta[5]
    const z = (row[0] - logD) / f
    const soft = softplus(z)
    const term = Math.exp(logB - c0 * row[0] - c1 * f * soft)
    if (gradient !== null) {
      const sigmoid = 1 / (1 + Math.exp(-z))
      gradient[0] = 1
      gradient[1] = -term
      gradient[2] = term * row[0]
      gradient[3] = term * f * soft
      gradient[4] = -term * c1 * sigmoid
      gradient[5] = term * c1 * (soft - sigmoid * z)
    }
    return a - term
  },
  starts(design) {
    const { low, high } = responseRange(design)
    const centre = meanInput(design, 0)
    const out: number[][] = []
    for (const a of [Math.min(1, high + 0.1), Math.min(1, high + 0.4)])
      for (const c0 of [0.02, 0.15])
        for (const c1 of [0.1, 0.5])
          for (const shift of [-2, 0, 3])
            for (const f of [0.3, 1])
              out.push([a, Math.log(Math.max(0.05, a - low)) + c0 * centre, c0, c1, centre + shift, f])
    return out
  },
  source: 'arXiv:2210.14891; arXiv:2512.08894, Eq. 1',
  example: { theta: [0.9, 0.9, 0.03, 0.25, 47.5, 0.6], ranges: [[1e17, 1e24]] },
}
