import type { LogNote, TrainingRun } from '../../evidence/index.js'
import { median } from '../../stats/quantile.js'
import { mapColumns } from './columns.js'

/** Logged values that decide whether two pieces meet. */
const MEETING_VALUES = 5
/** How far (in nats, or as a share of the loss) the pieces' levels may lie apart. */
const MEETING_NATS = 0.5
const MEETING_SHARE = 0.15
/** Share of the steps so far, and of its own, that a resumed piece does again at most. */
const DONE_AGAIN = 0.1
const DONE_AGAIN_OF_PIECE = 0.5
/** Two pieces that share more than this of the shorter one's steps are no successors of each other. */
const RIVAL = 0.5
/** Learning rates that differ by less are the same. */
const SAME_RATE = 0.02

function interval(run: TrainingRun): number {
  const n = run.step.length
  return n < 2 ? 1 : Math.abs(run.step[n - 1] - run.step[0]) / (n - 1)
}

function highest(run: TrainingRun): number {
  return run.step.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
}

/** Training losses, validation losses where there are none. */
function lossesOf(run: TrainingRun): Float64Array {
  return run.loss.length > 0 ? run.loss : run.validationLoss
}

function span(run: TrainingRun): number {
  return highest(run) - run.step[0]
}

/** How a piece stands to a run: its next piece, a branch of it, or neither. */
type Standing = 'next' | 'branch' | 'apart'

function standing(before: TrainingRun, after: TrainingRun): Standing {
  const start = after.step[0]
  const end = highest(before)
  const reach = 3 * Math.max(interval(before), interval(after))
  if (before.step[0] >= start || start > end + reach) return 'apart'
  const earlier = lossesOf(before)
  const later = lossesOf(after)
  const left: number[] = []
  for (let i = earlier.length - 1; i >= 0 && left.length < MEETING_VALUES; i--)
    if (before.step[i] <= start && Number.isFinite(earlier[i])) left.push(earlier[i])
  const right: number[] = []
  for (let i = 0; i < later.length && right.length < MEETING_VALUES; i++)
    if (Number.isFinite(later[i])) right.push(later[i])
  const overlap = end - start
  const isLittle =
    overlap <= reach || (overlap <= DONE_AGAIN * span(before) && overlap <= DONE_AGAIN_OF_PIECE * span(after))
  if (left.length === 0 || right.length === 0) return isLittle ? 'next' : 'apart'
  const level = median(left)
  const tolerance = Math.max(MEETING_NATS, MEETING_SHARE * level)
  const rise = median(right) - level
  // A roll-back leaves a diverged level behind: where little is done again, the later piece may lie below.
  if (rise > tolerance) return 'apart'
  if (isLittle) return 'next'
  const last = earlier.subarray(-MEETING_VALUES)
  const isBroken = last.some((v) => !Number.isFinite(v)) || median(last) > level + tolerance
  if (isBroken) return 'next'
  return rise < -tolerance ? 'apart' : 'branch'
}

/** Whether two runs tell different rates at a step that both have. */
function ratesDiffer(a: TrainingRun, b: TrainingRun): boolean {
  const rates = new Map(Array.from(a.learningRate, (rate, i) => [a.step[i], rate]))
  return b.learningRate.some((rate, i) => {
    const other = rates.get(b.step[i])
    return other !== undefined && Math.abs(other - rate) > SAME_RATE * Math.max(other, rate)
  })
}

/**
 * Whether two pieces that could both be the next of a run are branches of it: they do the same steps. One that stopped
 * soon and was begun again is none.
 */
function areRivals(a: TrainingRun, b: TrainingRun, before: TrainingRun): boolean {
  const shorter = Math.min(span(a), span(b))
  const longer = Math.max(span(a), span(b))
  const shared = Math.min(highest(a), highest(b)) - Math.max(a.step[0], b.step[0])
  if (shared <= RIVAL * shorter) return false
  const beganAgain = shorter <= RIVAL * longer && shorter <= DONE_AGAIN * span(before)
  return !beganAgain || ratesDiffer(a, b)
}

/** Notes of an earlier piece that are still so. */
const KEPT: ReadonlySet<string> = new Set([
  'skipped-step',
  'damaged',
  'joined',
  'branch',
  'bad-step',
  'no-loss',
  'newest-first',
  'unordered',
  'repeated-steps',
])

function joinedNote(before: TrainingRun, after: TrainingRun): LogNote {
  return {
    code: 'joined',
    line: 0,
    text: `${after.source} goes on from ${before.source} at step ${after.step[0]}: they are judged as one run`,
    count: 1,
  }
}

/** Damage at an earlier piece's end is none at the end of the run. */
const ofFormer = (note: LogNote): LogNote => (note.code === 'damaged' ? { ...note, line: 0 } : note)

/** The run as a branch of another one: where it leaves that, and a note of it. */
function asBranch(before: TrainingRun, after: TrainingRun): TrainingRun {
  const step = before.step.reduce(
    (at, step) => (step <= after.step[0] && step > at ? step : at),
    before.step[0],
  )
  const text = `${after.source} leaves ${before.source} at step ${step}: a branch of it, or another run; it is judged by itself`
  const note: LogNote = { code: 'branch', line: 0, text, count: 1 }
  return { ...after, notes: [...after.notes, note], branchOf: { source: before.source, step } }
}

/** Rows of the earlier piece, then rows of the later one; facts and notes of both. */
export function concatPieces(a: TrainingRun, b: TrainingRun): TrainingRun {
  const rows = a.step.length
  const both = (x: Float64Array, y: Float64Array): Float64Array => {
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
    ...(b.reachedStep === undefined ? {} : { reachedStep: b.reachedStep }),
    source: `${a.source} + ${b.source}`,
    ...mapColumns(a, both, b),
    nonFinite: [
      ...a.nonFinite,
      ...b.nonFinite.map((r) => ({ ...r, row: r.row + rows, toRow: r.toRow + rows })),
    ],
    // An interruption or a missing last evaluation of the earlier piece was overcome by the later one.
    notes: [...a.notes.filter((n) => KEPT.has(n.code)).map(ofFormer), ...b.notes, joinedNote(a, b)],
  }
}

/** Whether a run begins where training begins, so that it cannot be a later piece of another. */
function beginsAtStart(run: TrainingRun): boolean {
  return run.step[0] <= Math.max(2 * interval(run), 0.01 * highest(run))
}

/**
 * Join the rotated pieces of one run that were given as several files, in whatever order: a piece that does not
 * begin at the start of training is appended to the run of the same format that it meets, in step and in loss. What
 * does much of that run again is a branch or a run of its own, and so are two pieces that do the same steps; joining and
 * branching leave a note.
 */
export function joinPieces(runs: readonly TrainingRun[]): TrainingRun[] {
  const order = runs.map((run, i) => ({ run, i })).sort((a, b) => a.run.step[0] - b.run.step[0] || a.i - b.i)
  const joined: { run: TrainingRun; i: number; files: Set<string> }[] = []
  for (const { run, i } of order) {
    const near = beginsAtStart(run)
      ? []
      : joined
          .filter((j) => j.run.format === run.format && !j.files.has(run.source))
          .map((j) => ({ j, stands: standing(j.run, run) }))
          .filter(({ stands }) => stands !== 'apart')
          .sort((a, b) => highest(b.j.run) - highest(a.j.run))
    const best = near.find(({ stands }) => stands === 'next') ?? near[0]
    const rivals = order.filter(
      (other) =>
        best?.stands === 'next' &&
        other.run !== run &&
        !best.j.files.has(other.run.source) &&
        other.run.source !== run.source &&
        standing(best.j.run, other.run) === 'next' &&
        areRivals(run, other.run, best.j.run),
    )
    if (best?.stands === 'next' && rivals.length === 0) {
      best.j.run = concatPieces(best.j.run, run)
      best.j.files.add(run.source)
      continue
    }
    const own = best === undefined ? run : asBranch(best.j.run, run)
    joined.push({ run: own, i, files: new Set([run.source]) })
  }
  return joined.sort((a, b) => a.i - b.i).map((j) => j.run)
}
