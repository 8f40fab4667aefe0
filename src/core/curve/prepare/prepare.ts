import type { NonFiniteRange, TrainingRun } from '../../evidence/index.js'
import { type Curve, finite, lastWrites, type Restart } from './curve.js'

/** A run made ready for judging: each quantity as a curve of last writes. */
export interface PreparedRun {
  readonly run: TrainingRun
  /** Training loss with NaN where the log gives none that is finite, and its finite points. */
  readonly loss: Curve
  readonly finiteLoss: Curve
  /** Finite validation losses, and all of them: NaN where an evaluation gave a value that is not finite. */
  readonly validation: Curve
  readonly allValidation: Curve
  readonly gradNorm: Curve
  readonly learningRate: Curve
  readonly seconds: Curve
  readonly restarts: readonly Restart[]
  /** Median distance of logged losses, in steps. */
  readonly interval: number
  readonly firstStep: number
  readonly lastStep: number
  /** Rows lie far further apart than the log's own interval: an excerpt, of which no end can be told. */
  readonly fragment: boolean
}

/** Share of the steps between first and last that a log of steady interval would have to show. */
const FRAGMENT_COVERAGE = 0.3

/** Share of the gaps between evaluations that hold non-values where a table fills its empty cells with them. */
const PADDED_SHARE = 0.5

function medianGap(curve: Curve): number {
  const n = curve.step.length
  if (n < 2) return 1
  const stride = Math.max(1, Math.floor(n / 4096))
  const gaps: number[] = []
  for (let i = 1; i < n; i += stride) gaps.push(curve.step[i] - curve.step[i - 1])
  gaps.sort((a, b) => a - b)
  return gaps[gaps.length >> 1]
}

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

/** A column of which the log gives no finite value at all, as long as the others. */
function orHoles(values: Float64Array, rows: number, bad: readonly NonFiniteRange[]): Float64Array {
  return values.length === 0 && bad.length > 0 ? new Float64Array(rows).fill(Number.NaN) : values
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

/** Norms that the log prints as 0 throughout say nothing (some builds of Megatron). */
function withoutZeros(curve: Curve): Curve {
  if (!curve.value.includes(0)) return curve
  return finite({ ...curve, value: curve.value.map((v) => (v === 0 ? Number.NaN : v)) })
}

export function prepare(run: TrainingRun): PreparedRun {
  const hidden = hiddenNonFinite(run)
  const lossBad = [...run.nonFinite.filter((r) => r.column === 'loss'), ...hidden]
  const lossValues = orHoles(run.loss, run.step.length, lossBad)
  const { curve: loss, restarts } = lastWrites(run, withHoles(lossValues, hidden), lossBad)
  const finiteLoss = finite(loss)
  const broken = brokenEvaluations(run)
  const { curve: allValidation, restarts: validationRestarts } = lastWrites(
    run,
    orHoles(run.validationLoss, run.step.length, broken),
    broken,
  )
  const main = loss.step.length > 0 ? loss : allValidation
  const n = main.step.length
  const interval = medianGap(main)
  const span = n === 0 ? 0 : main.step[n - 1] - main.step[0]
  return {
    run,
    loss,
    finiteLoss,
    validation: finite(allValidation),
    allValidation,
    gradNorm: withoutZeros(lastWrites(run, run.gradNorm).curve),
    learningRate: lastWrites(run, run.learningRate).curve,
    seconds: lastWrites(run, run.seconds).curve,
    restarts: loss.step.length > 0 ? restarts : validationRestarts,
    interval,
    firstStep: main.step[0] ?? 0,
    lastStep: Math.max(main.step[n - 1] ?? 0, allValidation.step[allValidation.step.length - 1] ?? 0),
    fragment: n >= 2 && span > 0 && (interval * (n - 1)) / span < FRAGMENT_COVERAGE,
  }
}
