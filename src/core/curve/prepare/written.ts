import type { NonFiniteRange } from '../../evidence/index.js'

/** A column as written, NaN where no value is finite, and the rows of which the log says so. */
export interface Written {
  readonly values: Float64Array
  readonly bad: readonly NonFiniteRange[]
}

/** A column of which the log gives no finite value at all, as long as the others. */
export function orHoles(values: Float64Array, rows: number, bad: readonly NonFiniteRange[]): Float64Array {
  return values.length === 0 && bad.length > 0 ? new Float64Array(rows).fill(Number.NaN) : values
}
