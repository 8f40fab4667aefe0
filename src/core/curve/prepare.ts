import type { NonFiniteRange, TrainingRun } from '../evidence/index.js'
import { type Curve, finite, lastWrites, type Restart } from './curve.js'

/** A run made ready for judging: each quantity as a curve of last writes. */
export interface PreparedRun {
  readonly run: TrainingRun
  /** Training loss with NaN where the log gives none that is finite, and its finite points. */
  readonly loss: Curve
  readonly finiteLoss: Curve
  readonly validation: Curve
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
  const lossValues =
    run.loss.length === 0 && lossBad.length > 0
      ? new Float64Array(run.step.length).fill(Number.NaN)
      : run.loss
  const { curve: loss, restarts } = lastWrites(run, withHoles(lossValues, hidden), lossBad)
  const finiteLoss = finite(loss)
  const { curve: validation, restarts: validationRestarts } = lastWrites(run, run.validationLoss)
  const main = loss.step.length > 0 ? loss : validation
  const n = main.step.length
  const interval = medianGap(main)
  const span = n === 0 ? 0 : main.step[n - 1] - main.step[0]
  return {
    run,
    loss,
    finiteLoss,
    validation,
    gradNorm: withoutZeros(lastWrites(run, run.gradNorm).curve),
    learningRate: lastWrites(run, run.learningRate).curve,
    seconds: lastWrites(run, run.seconds).curve,
    restarts: loss.step.length > 0 ? restarts : validationRestarts,
    interval,
    firstStep: main.step[0] ?? 0,
    lastStep: Math.max(main.step[n - 1] ?? 0, validation.step[validation.step.length - 1] ?? 0),
    fragment: n >= 2 && span > 0 && (interval * (n - 1)) / span < FRAGMENT_COVERAGE,
  }
}
