import { type Curve, finite } from '../../series/curve.js'

/** The curve without its zeros: norms that the log prints as 0 throughout say nothing (some builds of Megatron). */
export function withoutZeros(curve: Curve): Curve {
  if (!curve.value.includes(0)) return curve
  return finite({ ...curve, value: curve.value.map((v) => (v === 0 ? Number.NaN : v)) })
}
