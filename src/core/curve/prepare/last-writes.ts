import type { NonFiniteRange, TrainingRun } from '../../evidence/index.js'
import type { Curve } from '../../series/curve.js'
import { indexAt } from '../../series/index-at.js'

/** Steps went backwards: rows from `toStep` on were written again (or never). */
export interface Restart {
  /** Last step before the log went back, and the step that it went back to. */
  readonly fromStep: number
  readonly toStep: number
  /** What was thrown away, as a curve, and the level before it. */
  readonly discarded: Curve
  /** First values written after the restart. */
  readonly rowAfter: number
}

/** Rows that stand up to this far behind are late duplicates of another writer, no roll-back. */
const LATE_ROWS = 2

/**
 * Keep the last write of every step. Values printed again unchanged are dropped; a step that goes back further
 * discards everything from there on and is reported.
 */
export function lastWrites(
  run: TrainingRun,
  values: Float64Array,
  nonFinite: readonly NonFiniteRange[] = [],
): { curve: Curve; restarts: Restart[] } {
  const rows = values.length
  const bad = nonFinite.length === 0 ? undefined : new Uint8Array(rows)
  for (const range of nonFinite) bad?.fill(1, range.row, Math.min(rows, range.toRow + 1))
  const step = new Float64Array(rows)
  const value = new Float64Array(rows)
  const row = new Int32Array(rows)
  const restarts: Restart[] = []
  let n = 0
  for (let r = 0; r < rows; r++) {
    const v = values[r]
    if (Number.isNaN(v) && (bad === undefined || bad[r] === 0)) continue
    const s = run.step[r]
    let at = n
    if (n > 0 && s <= step[n - 1]) {
      at = s === step[n - 1] ? n - 1 : indexAt(step, s, n)
      const exists = step[at] === s
      if (exists && Object.is(value[at], v)) continue
      if (n - at <= LATE_ROWS) {
        if (!exists) {
          step.copyWithin(at + 1, at, n)
          value.copyWithin(at + 1, at, n)
          row.copyWithin(at + 1, at, n)
          n++
        }
        step[at] = s
        value[at] = v
        row[at] = r
        continue
      }
      restarts.push({
        fromStep: step[n - 1],
        toStep: s,
        discarded: { step: step.slice(at, n), value: value.slice(at, n), row: row.slice(at, n) },
        rowAfter: r,
      })
    }
    step[at] = s
    value[at] = v
    row[at] = r
    n = at + 1
  }
  return {
    curve: { step: step.subarray(0, n), value: value.subarray(0, n), row: row.subarray(0, n) },
    restarts,
  }
}
