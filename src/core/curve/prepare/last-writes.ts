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
  /** Rows of the log before what was thrown away, and of the first value written after the restart. */
  readonly rowBefore: number
  readonly rowAfter: number
}

/** Rows that stand up to this far behind are late duplicates of another writer, no roll-back. */
const LATE_ROWS = 2

/** Whether each of the first `rows` steps lies above the one before. */
function ascends(step: Float64Array, rows: number): boolean {
  for (let r = 1; r < rows; r++) if (!(step[r] > step[r - 1])) return false
  return true
}

/**
 * Keep the last write of every step. Values printed again unchanged are dropped; a step that goes back further
 * discards everything from there on and is reported. Columns that are a curve as they stand are not copied: logs have
 * tens of millions of rows.
 */
export function lastWrites(
  run: TrainingRun,
  values: Float64Array,
  nonFinite: readonly NonFiniteRange[] = [],
): { curve: Curve; restarts: Restart[] } {
  const rows = values.length
  const bad = nonFinite.length === 0 ? undefined : new Uint8Array(rows)
  for (const range of nonFinite) bad?.fill(1, range.row, Math.min(rows, range.toRow + 1))
  const isWritten = (r: number): boolean => !Number.isNaN(values[r]) || bad?.[r] === 1
  let written = 0
  for (let r = 0; r < rows; r++) if (isWritten(r)) written++
  if (written === rows && ascends(run.step, rows))
    return { curve: { step: run.step.subarray(0, rows), value: values }, restarts: [] }
  const step = new Float64Array(written)
  const value = new Float64Array(written)
  const row = new Int32Array(written)
  const restarts: Restart[] = []
  let n = 0
  for (let r = 0; r < rows; r++) {
    if (!isWritten(r)) continue
    const v = values[r]
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
        discarded: { step: step.slice(at, n), value: value.slice(at, n) },
        rowBefore: row[at] - 1,
        rowAfter: r,
      })
    }
    step[at] = s
    value[at] = v
    row[at] = r
    n = at + 1
  }
  return { curve: { step: step.subarray(0, n), value: value.subarray(0, n) }, restarts }
}
