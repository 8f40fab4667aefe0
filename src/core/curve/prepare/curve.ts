import type { NonFiniteRange, TrainingRun } from '../../evidence/index.js'

/**
 * One quantity of a run along its steps: ascending, one value a step (the last one written). `value` is NaN where
 * the log gives a value that is not finite. `row` points into the run's columns. All of shape (n).
 */
export interface Curve {
  readonly step: Float64Array
  readonly value: Float64Array
  readonly row: Int32Array
}

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

function lowerBound(values: Float64Array, length: number, x: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] < x) low = middle + 1
    else high = middle
  }
  return low
}

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
      at = s === step[n - 1] ? n - 1 : lowerBound(step, n, s)
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

/** The finite points of a curve; the curve itself when all are. */
export function finite(curve: Curve): Curve {
  let n = 0
  for (let i = 0; i < curve.value.length; i++) if (Number.isFinite(curve.value[i])) n++
  if (n === curve.value.length) return curve
  const out = { step: new Float64Array(n), value: new Float64Array(n), row: new Int32Array(n) }
  n = 0
  for (let i = 0; i < curve.value.length; i++)
    if (Number.isFinite(curve.value[i])) {
      out.step[n] = curve.step[i]
      out.value[n] = curve.value[i]
      out.row[n++] = curve.row[i]
    }
  return out
}

/** Blocks of at most this many values are sorted; longer ones go through medians of medians. */
const LARGEST_BLOCK = 64

/**
 * Medians of consecutive blocks of equal size, at most `points` of them, placed at each block's last step:
 * the shape of millions of steps in memory that does not grow with them. Short curves come back as they are;
 * blocks of more than 64 values are medians of medians.
 */
export function blockMedians(curve: Curve, points: number): Curve {
  const n = curve.step.length
  const size = Math.ceil(n / points)
  if (size <= 1) return curve
  if (size > LARGEST_BLOCK)
    return blockMedians(blockMedians(curve, points * Math.ceil(size / LARGEST_BLOCK)), points)
  const blocks = Math.ceil(n / size)
  const out = { step: new Float64Array(blocks), value: new Float64Array(blocks), row: new Int32Array(blocks) }
  const scratch = new Float64Array(size)
  for (let b = 0; b < blocks; b++) {
    const from = b * size
    const end = Math.min(n, from + size)
    out.step[b] = curve.step[end - 1]
    out.row[b] = curve.row[end - 1]
    for (let i = from; i < end; i++) scratch[i - from] = curve.value[i]
    out.value[b] = middle(scratch, end - from)
  }
  return out
}

/** Median of the first n values, which are put in order: insertion sort, n ≤ 64. */
function middle(values: Float64Array, n: number): number {
  for (let i = 1; i < n; i++) {
    const x = values[i]
    let k = i - 1
    while (k >= 0 && values[k] > x) {
      values[k + 1] = values[k]
      k--
    }
    values[k + 1] = x
  }
  return n % 2 === 1 ? values[n >> 1] : (values[(n >> 1) - 1] + values[n >> 1]) / 2
}

/** Index of the first point at or after a step; n when there is none. */
export function indexAt(curve: Curve, step: number): number {
  return lowerBound(curve.step, curve.step.length, step)
}
