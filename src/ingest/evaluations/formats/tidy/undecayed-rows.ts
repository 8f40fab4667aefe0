import { groupBy } from '../../../../core/index.js'
import { Cells, type Chosen, type Field, type Table } from './tidy-columns.js'

const DECAYED = /^(?:true|1|yes|decay(?:ed)?|anneal(?:ed|ing)?|cool[- ]?down|final)$/i
const UNDECAYED = /^(?:false|0|no|undecayed|stable|constant|plateau|warm[- ]?up)$/i
/** Share of a run's peak learning rate from which it counts as down. */
const DOWN = 0.2

/**
 * Places of rows that a column tells to be from before the decay of the learning rate: by `decayed` (or the stage of the
 * schedule), else by the learning rate itself where it varies over a run (a peak alone tells of no schedule).
 */
export function undecayedRows(table: Table, columns: ReadonlyMap<Field, Chosen>, path: string): string[] {
  const rows = table.rows.map((row) => ({
    place: path + row.place,
    cells: new Cells(row, columns, table.isComma),
  }))
  if (columns.has('decayed')) {
    const told = rows.map(({ cells }) => String(cells.raw('decayed') ?? '').trim())
    return told.some((text) => DECAYED.test(text))
      ? rows.filter((_, i) => UNDECAYED.test(told[i])).map((r) => r.place)
      : []
  }
  if (!columns.has('learning_rate')) return []
  const rates = rows.flatMap(({ place, cells }) => {
    const rate = cells.number('learning_rate')
    return rate === null
      ? []
      : [{ place, rate, run: cells.model(), at: cells.number('tokens') ?? cells.number('flops') }]
  })
  return [...groupBy(rates, (r) => r.run).values()].flatMap((run) => {
    const peak = Math.max(...run.map((r) => r.rate))
    if (run.every((r) => r.rate === peak)) return []
    const peakAt = Math.max(...run.filter((r) => r.rate === peak).map((r) => r.at ?? 0))
    return run.filter((r) => r.rate > DOWN * peak || (r.at !== null && r.at < peakAt)).map((r) => r.place)
  })
}
