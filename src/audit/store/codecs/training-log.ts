import { type EvidenceByKind, RUN_COLUMNS } from '../../../core/index.js'
import type { Codec } from './codec.js'

/** Since evidence of some logs holds it. */
const LATER_RUN_COLUMN = 'lossScale'

export const trainingLog: Codec<EvidenceByKind['trainingLog']> = {
  columns: ['run', ...RUN_COLUMNS.filter((name) => name !== LATER_RUN_COLUMN)],
  laterColumns: [LATER_RUN_COLUMN],
  encode({ runs, ...head }) {
    const total = runs.reduce((n, run) => n + run.step.length, 0)
    const names = RUN_COLUMNS.filter((name) => runs.some((run) => run[name] !== undefined))
    const run = new Int32Array(total)
    // A column that a run's log never gives has no values in memory; on disk it is all null.
    const columns = Object.fromEntries(
      names.map((name) => [name, new Array<number | null>(total).fill(null)]),
    )
    let at = 0
    runs.forEach((r, index) => {
      run.fill(index, at, at + r.step.length)
      for (const name of names)
        r[name]?.forEach((value, i) => {
          columns[name][at + i] = value
        })
      at += r.step.length
    })
    const bare = runs.map((r) =>
      Object.fromEntries(Object.entries(r).filter(([, v]) => !(v instanceof Float64Array))),
    )
    return {
      head: { ...head, runs: bare },
      table: {
        run: { type: 'INTEGER', values: run },
        ...Object.fromEntries(
          names.map((name) => [name, { type: 'DOUBLE' as const, values: columns[name] }]),
        ),
      },
    }
  },
  decode(head, table) {
    const { runs, ...rest } = head as EvidenceByKind['trainingLog']
    const owner = table.run as number[]
    return {
      ...rest,
      runs: runs.map((r, index) => {
        const start = owner.indexOf(index)
        const end = start < 0 ? 0 : owner.lastIndexOf(index) + 1
        const column = (name: string): Float64Array =>
          start < 0 || (table[name]?.[start] ?? null) === null
            ? new Float64Array(0)
            : Float64Array.from(table[name].slice(start, end) as number[])
        const columns = RUN_COLUMNS.map((name) => [name, column(name)] as const)
        return {
          ...r,
          ...Object.fromEntries(
            columns.filter(([name, { length }]) => name !== LATER_RUN_COLUMN || length > 0),
          ),
        }
      }),
    }
  },
}
