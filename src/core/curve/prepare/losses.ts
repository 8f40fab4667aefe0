import type { NonFiniteRange, TrainingRun } from '../../evidence/index.js'
import { orHoles, type Written } from './written.js'

/** Share of the gaps between evaluations that hold non-values where a table fills its empty cells with them. */
const PADDED_SHARE = 0.5

/** A loss of exactly 0 beside a gradient norm that is not finite is a NaN that the trainer's filter hid. */
function hiddenNonFinite(run: TrainingRun): NonFiniteRange[] {
  if (run.loss.length === 0) return []
  const bad = new Set<number>()
  for (const range of run.nonFinite)
    if (range.column === 'gradNorm') for (let row = range.row; row <= range.toRow; row++) bad.add(row)
  const out: NonFiniteRange[] = []
  let zeros = 0
  for (let row = 0; row <= run.loss.length; row++) {
    if (run.loss[row] === 0) {
      zeros++
      if (bad.has(row)) out.push({ row, toRow: row, column: 'loss', found: 'nan' })
      continue
    }
    // Three exact zeros in a row are no loss of a language model either.
    if (zeros >= 3) out.push({ row: row - zeros, toRow: row - 1, column: 'loss', found: 'nan' })
    zeros = 0
  }
  return out
}

/**
 * Non-finite validation losses that are evaluations gone wrong. Tables written with `nan` for "no evaluation here" have
 * such rows before the first evaluation and between all of them: those are left out, unless the last stretch is so long
 * that two evaluations were due in it.
 */
function brokenEvaluations(run: TrainingRun): NonFiniteRange[] {
  const ranges = run.nonFinite.filter((r) => r.column === 'validationLoss')
  const isGiven = (row: number): boolean => Number.isFinite(run.validationLoss[row])
  const first = run.validationLoss.findIndex((v) => Number.isFinite(v))
  if (ranges.length === 0 || first < 0) return ranges
  const stretches: { ranges: NonFiniteRange[]; rows: number }[] = []
  let open = false
  let at = 0
  for (let row = first; row < run.step.length && at < ranges.length; row++) {
    if (isGiven(row)) open = false
    while (at < ranges.length && ranges[at].toRow < row) at++
    if (at === ranges.length || ranges[at].row > row) continue
    if (!open) stretches.push({ ranges: [], rows: 0 })
    open = true
    const stretch = stretches[stretches.length - 1]
    if (stretch.ranges[stretch.ranges.length - 1] !== ranges[at]) stretch.ranges.push(ranges[at])
    stretch.rows++
  }
  const given = run.validationLoss.reduce((n, v) => n + (Number.isFinite(v) ? 1 : 0), 0)
  const inner = open ? stretches.slice(0, -1) : stretches
  const isPadding = given >= 2 && inner.length >= PADDED_SHARE * (given - 1)
  if (!isPadding) return stretches.flatMap((s) => s.ranges)
  const longest = inner.reduce((n, s) => Math.max(n, s.rows), 0)
  const last = stretches[stretches.length - 1]
  return open && last.rows > 2 * longest + 1 ? last.ranges : []
}

/** Values as they stand, with NaN at the given rows. */
function withHoles(values: Float64Array, holes: readonly NonFiniteRange[]): Float64Array {
  if (holes.length === 0) return values
  const out = values.slice()
  for (const { row, toRow } of holes) out.fill(Number.NaN, row, toRow + 1)
  return out
}

/** Training losses; zeros that hide a NaN are holes. */
export function trainingLosses(run: TrainingRun): Written {
  const hidden = hiddenNonFinite(run)
  const bad = [...run.nonFinite.filter((r) => r.column === 'loss'), ...hidden]
  return { values: withHoles(orHoles(run.loss, run.step.length, bad), hidden), bad }
}

/** Validation losses; rows in which no evaluation was due are none. */
export function validationLosses(run: TrainingRun): Written {
  const bad = brokenEvaluations(run)
  return { values: orHoles(run.validationLoss, run.step.length, bad), bad }
}
