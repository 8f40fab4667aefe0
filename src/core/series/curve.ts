/**
 * One quantity of a run along its steps: ascending, one value a step (the last one written). `value` is NaN where
 * the log gives a value that is not finite. Both of shape (n), and the run's own columns where they are that already.
 */
export interface Curve {
  readonly step: Float64Array
  readonly value: Float64Array
}

/** The finite points of a curve; the curve itself when all are. */
export function finite(curve: Curve): Curve {
  let n = 0
  for (let i = 0; i < curve.value.length; i++) if (Number.isFinite(curve.value[i])) n++
  if (n === curve.value.length) return curve
  const out = { step: new Float64Array(n), value: new Float64Array(n) }
  n = 0
  for (let i = 0; i < curve.value.length; i++)
    if (Number.isFinite(curve.value[i])) {
      out.step[n] = curve.step[i]
      out.value[n++] = curve.value[i]
    }
  return out
}
