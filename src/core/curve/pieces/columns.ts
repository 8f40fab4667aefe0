import { RUN_COLUMNS, type TrainingRun } from '../../evidence/index.js'

/** A column's name. */
export type RunColumn = (typeof RUN_COLUMNS)[number]
type Columns = Pick<TrainingRun, RunColumn>
const NONE = new Float64Array(0)

/** Every column of a run put through `map`, beside that of another run where one is given. */
export function mapColumns(
  run: Columns,
  map: (column: Float64Array, other: Float64Array) => Float64Array,
  other?: Columns,
): Columns {
  const mapped = RUN_COLUMNS.map((name) => {
    const [own = NONE, beside = NONE] = [run[name], other?.[name]]
    return [name, own.length === 0 && beside.length === 0 ? own : map(own, beside)] as const
  })
  return Object.fromEntries(mapped) as Record<RunColumn, Float64Array>
}
