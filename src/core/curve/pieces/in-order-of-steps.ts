import type { LogNote, TrainingRun } from '../../evidence/index.js'
import { counted } from '../../text/counted.js'
import { mapColumns } from './columns.js'

/** Share of the rows of another step that stand behind a later one in a log that is written newest first. */
const NEWEST_FIRST = 0.9
/** … and of all rows in a log that stands in no order: what restarts throw back is far less. */
const UNORDERED = 0.25
const LEAST_ROWS = 3
/** Steps given again that are told: so many, and this share of the rows. */
const LEAST_REPEATED = 3
const REPEATED_SHARE = 0.01

/** The rows in another order. Times that were told by a clock ran otherwise: they are left out. */
function reordered(run: TrainingRun, order: Int32Array, note: LogNote): TrainingRun {
  const places = new Int32Array(order.length)
  order.forEach((row, place) => {
    places[row] = place
  })
  const nonFinite = run.nonFinite.flatMap((range) =>
    Array.from({ length: range.toRow - range.row + 1 }, (_, i) => {
      const row = places[range.row + i]
      return { ...range, row, toRow: row }
    }),
  )
  return {
    ...run,
    ...mapColumns(run, (column) => Float64Array.from(order, (row) => column[row])),
    ...(run.hasClock === true ? { seconds: new Float64Array(0) } : {}),
    nonFinite: nonFinite.sort((a, b) => a.row - b.row),
    notes: [...run.notes, note],
  }
}

/** A log that is written newest first is read from its end, one in no order at all by its steps. */
function oldestFirst(run: TrainingRun): TrainingRun {
  const { step, source } = run
  let down = 0
  let up = 0
  for (let row = 1; row < step.length; row++)
    if (step[row] < step[row - 1]) down++
    else if (step[row] > step[row - 1]) up++
  const note = (code: 'newest-first' | 'unordered', text: string): LogNote => ({
    code,
    line: 0,
    text,
    count: 1,
  })
  if (down >= LEAST_ROWS && down >= NEWEST_FIRST * (down + up))
    return reordered(
      run,
      Int32Array.from(step, (_, i) => step.length - 1 - i),
      note('newest-first', `the log ${source} is written newest first: it is read from its end`),
    )
  if (down < LEAST_ROWS || down < UNORDERED * step.length) return run
  return reordered(
    run,
    Int32Array.from(step.keys()).sort((a, b) => step[a] - step[b] || a - b),
    note('unordered', `the rows of ${source} stand in no order of steps: they are sorted`),
  )
}

/** Losses of a step that has another one in the row before, and the last row of these. */
function repeated({ step, loss }: TrainingRun): { count: number; row: number } {
  let count = 0
  let found = 0
  let last = -1
  for (let row = 0; row < loss.length; row++) {
    if (Number.isNaN(loss[row])) continue
    if (last >= 0 && step[row] === step[last] && loss[row] !== loss[last]) {
      count++
      found = row
    }
    last = row
  }
  return { count, row: found }
}

/** A run with its first step first, and a note where its steps are no plain count: in another order, or twice. */
export function inOrderOfSteps(written: TrainingRun): TrainingRun {
  const run = oldestFirst(written)
  const { count, row } = repeated(run)
  if (count < LEAST_REPEATED || count < REPEATED_SHARE * run.loss.length) return run
  const text = `${count} of ${counted(run.loss.length, 'row')} of ${run.source} ${count === 1 ? 'gives' : 'give'} a step another loss than the row before: of each step the last one counts`
  return { ...run, notes: [...run.notes, { code: 'repeated-steps', line: run.line[row], text, count }] }
}
