import { mapColumns, type RunColumn } from '../../../src/core/curve/pieces/columns.js'
import type { NonFiniteRange, TrainingRun } from '../../../src/core/index.js'

/** Non-finite rows of a column as stretches. */
function stretches(column: NonFiniteRange['column'], rows: readonly number[]): NonFiniteRange[] {
  return rows.map((row) => ({ row, toRow: row, column, found: 'nan' }))
}

type Column = Exclude<RunColumn, 'lossScale'>

/** The given rows of a run, in the given order; a row may come twice. */
export function pick(run: TrainingRun, rows: readonly number[]): TrainingRun {
  const columns = mapColumns(run, (column) => Float64Array.from(rows, (row) => column[row]))
  const nonFinite = run.nonFinite.flatMap((range) =>
    stretches(
      range.column,
      rows.flatMap((row, i) => (row >= range.row && row <= range.toRow ? [i] : [])),
    ),
  )
  return { ...run, ...columns, line: Float64Array.from(rows, (_, i) => i + 1), nonFinite }
}

export function rowsOf(run: TrainingRun): number[] {
  return Array.from(run.step.keys())
}

/** Rows that a share of the run's steps covers. */
export function firstPart(run: TrainingRun, share: number): number[] {
  const last = run.step.reduce((a, b) => Math.max(a, b))
  return rowsOf(run).filter((row) => run.step[row] <= share * last)
}

type Change = (value: number, row: number, step: number) => number

/** One column through a function; a training loss that becomes NaN is one that the log gives so. */
export function change(run: TrainingRun, column: Column, by: Change): TrainingRun {
  if (run[column].length === 0) return run
  const values = run[column].map((v, row) => (Number.isFinite(v) ? by(v, row, run.step[row]) : v))
  const broken = rowsOf(run).filter(
    (row) => Number.isFinite(run[column][row]) && !Number.isFinite(values[row]),
  )
  const more = column === 'loss' || column === 'validationLoss' ? stretches(column, broken) : []
  return { ...run, [column]: values, nonFinite: [...run.nonFinite, ...more] }
}

/** Both losses through a function. */
export function changeLosses(run: TrainingRun, by: Change): TrainingRun {
  return change(change(run, 'loss', by), 'validationLoss', by)
}

/** Median of the losses around each row: the run without its noise. Shape (rows). */
export function smoothOf(run: TrainingRun, reach = 8): Float64Array {
  const { loss } = run
  return loss.map((_, row) => {
    const near: number[] = []
    for (let k = Math.max(0, row - reach); k <= Math.min(loss.length - 1, row + reach); k++)
      if (Number.isFinite(loss[k])) near.push(loss[k])
    near.sort((a, b) => a - b)
    return near.length === 0 ? Number.NaN : near[near.length >> 1]
  })
}

/** Rows that carry a training loss. */
export function lossRows(run: TrainingRun): number[] {
  return rowsOf(run).filter((row) => Number.isFinite(run.loss[row]))
}

/** A run without columns that a trainer may leave out. */
export function without(run: TrainingRun, ...columns: Column[]): TrainingRun {
  const empty = Object.fromEntries(columns.map((c) => [c, new Float64Array(0)]))
  const { plannedSteps: _, ...rest } = run
  return { ...rest, ...empty }
}

const none = new Float64Array(0)

/** A run from columns that are made up. */
export function madeOf(
  id: string,
  columns: { readonly step: readonly number[] } & Partial<
    Record<Exclude<Column, 'step' | 'line'>, readonly number[]>
  >,
  facts: Partial<TrainingRun> = {},
): TrainingRun {
  const given = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]),
  )
  const rows = columns.step.length
  const loss = columns.loss ?? []
  return {
    id,
    format: 'made-up',
    source: id,
    tokens: none,
    loss: none,
    validationLoss: none,
    gradNorm: none,
    learningRate: none,
    seconds: none,
    line: Float64Array.from({ length: rows }, (_, i) => i + 1),
    nonFinite: stretches(
      'loss',
      loss.flatMap((v, i) => (Number.isNaN(v) ? [i] : [])),
    ),
    notes: [],
    ...given,
    ...facts,
  } as TrainingRun
}

export function lastStep(run: TrainingRun): number {
  return run.step.reduce((a, b) => Math.max(a, b))
}
