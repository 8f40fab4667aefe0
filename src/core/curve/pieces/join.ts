import type { TrainingRun } from '../../evidence/index.js'
import { median } from '../../stats/quantile.js'

/** Logged values that decide whether two pieces meet. */
const MEETING_VALUES = 5
/** How far (in nats, or as a share of the loss) the pieces' levels may lie apart. */
const MEETING_NATS = 0.5
const MEETING_SHARE = 0.15

function interval(run: TrainingRun): number {
  const n = run.step.length
  return n < 2 ? 1 : Math.abs(run.step[n - 1] - run.step[0]) / (n - 1)
}

function highest(run: TrainingRun): number {
  return run.step.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
}

/** Losses of rows that satisfy a test, validation losses when there are none. */
function lossesOf(run: TrainingRun): Float64Array {
  return run.loss.length > 0 ? run.loss : run.validationLoss
}

function meet(before: TrainingRun, after: TrainingRun): boolean {
  const start = after.step[0]
  const reach = 3 * Math.max(interval(before), interval(after))
  if (before.step[0] >= start || start > highest(before) + reach) return false
  const earlier = lossesOf(before)
  const later = lossesOf(after)
  const left: number[] = []
  for (let i = earlier.length - 1; i >= 0 && left.length < MEETING_VALUES; i--)
    if (before.step[i] <= start && Number.isFinite(earlier[i])) left.push(earlier[i])
  const right: number[] = []
  for (let i = 0; i < later.length && right.length < MEETING_VALUES; i++)
    if (Number.isFinite(later[i])) right.push(later[i])
  if (left.length === 0 || right.length === 0) return true
  const level = median(left)
  // A roll-back leaves a diverged level behind: the later piece may lie below as far as it likes.
  return median(right) - level <= Math.max(MEETING_NATS, MEETING_SHARE * level)
}

/** Rows of the earlier piece, then rows of the later one; facts and notes of both. */
function concat(a: TrainingRun, b: TrainingRun): TrainingRun {
  const rows = a.step.length
  const both = (x: Float64Array, y: Float64Array): Float64Array => {
    if (x.length === 0 && y.length === 0) return x
    const out = new Float64Array(rows + b.step.length).fill(Number.NaN)
    out.set(x)
    out.set(y, rows)
    return out
  }
  return {
    ...b,
    ...a,
    // A resumed run may have been given more steps.
    ...(b.plannedSteps === undefined ? {} : { plannedSteps: b.plannedSteps }),
    source: `${a.source} + ${b.source}`,
    step: both(a.step, b.step),
    tokens: both(a.tokens, b.tokens),
    loss: both(a.loss, b.loss),
    validationLoss: both(a.validationLoss, b.validationLoss),
    gradNorm: both(a.gradNorm, b.gradNorm),
    learningRate: both(a.learningRate, b.learningRate),
    seconds: both(a.seconds, b.seconds),
    line: both(a.line, b.line),
    nonFinite: [
      ...a.nonFinite,
      ...b.nonFinite.map((r) => ({ ...r, row: r.row + rows, toRow: r.toRow + rows })),
    ],
    // An interruption or a missing last evaluation of the earlier piece was overcome by the later one.
    notes: [...a.notes.filter((n) => n.code === 'skipped-step' || n.code === 'damaged'), ...b.notes],
  }
}

/** Whether a run begins where training begins, so that it cannot be a later piece of another. */
function beginsAtStart(run: TrainingRun): boolean {
  return run.step[0] <= Math.max(2 * interval(run), 0.01 * highest(run))
}

/**
 * Join the rotated pieces of one run that were given as several files, in whatever order: a piece that does not
 * begin at the start of training is appended to the run of the same format that it meets, in step and in loss.
 */
export function joinPieces(runs: readonly TrainingRun[]): TrainingRun[] {
  const order = runs.map((run, i) => ({ run, i })).sort((a, b) => a.run.step[0] - b.run.step[0] || a.i - b.i)
  const joined: { run: TrainingRun; i: number; files: Set<string> }[] = []
  for (const { run, i } of order) {
    const fits = beginsAtStart(run)
      ? []
      : joined.filter((j) => j.run.format === run.format && !j.files.has(run.source) && meet(j.run, run))
    const best = fits.sort((a, b) => highest(b.run) - highest(a.run))[0]
    if (best === undefined) joined.push({ run, i, files: new Set([run.source]) })
    else {
      best.run = concat(best.run, run)
      best.files.add(run.source)
    }
  }
  return joined.sort((a, b) => a.i - b.i).map((j) => j.run)
}
