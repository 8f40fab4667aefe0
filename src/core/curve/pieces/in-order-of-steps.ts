import type { TrainingRun } from '../../evidence/index.js'
import { mapColumns } from './columns.js'

/** Share of the rows of another step that stand behind a later one in a log that is written newest first. */
const NEWEST_FIRST = 0.9
const LEAST_ROWS = 3
/** Steps given again that are told: so many, and this share of the rows. */
const LEAST_REPEATED = 3
const REPEATED_SHARE = 0.01

function isNewestFirst(step: Float64Array): boolean {
  let down = 0
  let up = 0
  for (let row = 1; row < step.length; row++)
    if (step[row] < step[row - 1]) down++
    else if (step[row] > step[row - 1]) up++
  return down >= LEAST_ROWS && down >= NEWEST_FIRST * (down + up)
}

/** The rows from the last to the first. Times that were told by a clock ran backwards: they are left out. */
function reversed({ factsSeen, ...run }: TrainingRun): TrainingRun {
  const rows = run.step.length
  return {
    ...run,
    ...mapColumns(run, (column) => column.toReversed()),
    ...(run.hasClock === true ? { seconds: new Float64Array(0) } : {}),
    nonFinite: run.nonFinite
      .map((range) => ({ ...range, row: rows - 1 - range.toRow, toRow: rows - 1 - range.row }))
      .reverse(),
    ...(factsSeen === undefined ? {} : { factsSeen: factsSeen.map((f) => ({ ...f, row: rows - f.row })) }),
    notes: [
      ...run.notes,
      {
        code: 'newest-first',
        line: 0,
        text: `the log ${run.source} is written newest first: it is read from its end`,
        count: 1,
      },
    ],
  }
}

/** Losses of a step that has another one in the row before. */
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

/** A run with its first step first, and a note where its steps are no plain count: written newest first, or twice. */
export function inOrderOfSteps(written: TrainingRun): TrainingRun {
  const run = isNewestFirst(written.step) ? reversed(written) : written
  const { count, row } = repeated(run)
  if (count < LEAST_REPEATED || count < REPEATED_SHARE * run.loss.length) return run
  const text = `${count} of ${run.loss.length} rows of ${run.source} give a step another loss than the row before: of each step the last one counts`
  return { ...run, notes: [...run.notes, { code: 'repeated-steps', line: run.line[row], text, count }] }
}
