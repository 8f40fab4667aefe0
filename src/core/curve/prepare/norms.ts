import type { TrainingRun } from '../../evidence/index.js'
import { type Curve, finite } from '../../series/curve.js'
import { orHoles, type Written } from './written.js'

/** The curve without its zeros: norms that the log prints as 0 throughout say nothing (some builds of Megatron). */
export function withoutZeros(curve: Curve): Curve {
  if (!curve.value.includes(0)) return curve
  return finite({ ...curve, value: curve.value.map((v) => (v === 0 ? Number.NaN : v)) })
}

/** Gradient norms with those that are not finite. */
export function gradientNorms(run: TrainingRun): Written {
  const bad = run.nonFinite.filter((r) => r.column === 'gradNorm')
  return { values: orHoles(run.gradNorm, run.step.length, bad), bad }
}
