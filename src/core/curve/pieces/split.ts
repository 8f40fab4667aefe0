import type { FactSeen, LogFacts, TrainingRun } from '../../evidence/index.js'
import { mapColumns } from './columns.js'
import { inOrderOfSteps } from './in-order-of-steps.js'

/** A run needs this many rows before a return to the start can mean that another run begins. */
const LEAST_ROWS = 5

/** The facts that stood at the end of a part: the last ones seen before it, else the first ones behind. */
function factsOf(seen: readonly FactSeen[], to: number): LogFacts {
  const facts: { -readonly [Name in keyof LogFacts]: number } = {}
  for (const { name, value, row } of seen) if (row < to || facts[name] === undefined) facts[name] = value
  return facts
}

function part({ factsSeen = [], ...run }: TrainingRun, from: number, to: number, last: boolean): TrainingRun {
  const firstLine = run.line[from]
  const lastLine = last ? Number.POSITIVE_INFINITY : run.line[to]
  return {
    ...run,
    ...factsOf(factsSeen, last ? Number.POSITIVE_INFINITY : to),
    ...mapColumns(run, (column) => column.subarray(from, to)),
    nonFinite: run.nonFinite
      .filter((r) => r.toRow >= from && r.row < to)
      .map((r) => ({ ...r, row: Math.max(0, r.row - from), toRow: Math.min(to - 1, r.toRow) - from })),
    notes: run.notes.filter((n) => (n.line === 0 ? last : n.line >= firstLine && n.line < lastLine)),
  }
}

/**
 * Cut a log, read from its end where that is written first, into the runs that were appended to one another: the step returns to the very start of training.
 * A return to a later step is a resume or a roll-back and stays in its run. Each run has the facts of its own part.
 */
export function splitAppended(written: TrainingRun): TrainingRun[] {
  const run = inOrderOfSteps(written)
  const starts = [0]
  let from = 0
  let highest = run.step[0]
  for (let row = 1; row < run.step.length; row++) {
    const step = run.step[row]
    const rows = row - from
    if (step < run.step[row - 1] && rows >= LEAST_ROWS) {
      const interval = (highest - run.step[from]) / rows
      const startZone = Math.max(2 * interval, 0.01 * highest)
      if (step <= startZone && step <= run.step[from] + startZone && highest - step > 3 * interval) {
        starts.push(row)
        from = row
        highest = step
        continue
      }
    }
    if (step > highest) highest = step
  }
  if (starts.length === 1) {
    const { factsSeen: _, ...whole } = run
    return [whole]
  }
  return starts.map((start, i) => part(run, start, starts[i + 1] ?? run.step.length, i === starts.length - 1))
}
