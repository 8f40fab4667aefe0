import type { RatePlan } from '../../core/index.js'
import { counted } from '../../core/index.js'
import { delimitedTable } from '../text/delimited.js'
import { parseNumber } from '../text/tolerant-json.js'
import { readPackedText, reason } from '../text/unpack.js'
import { raise } from './errors.js'
import { chooseColumns } from './names/column-names.js'

/**
 * Learning rates that are planned, from a table of steps and rates (`step,lr`, or names that trainers use).
 * @throws logs/unreadable, logs/malformed-plan
 */
export async function readPlan(path: string): Promise<NonNullable<RatePlan['points']>> {
  const text = await readPackedText(path).catch((error: unknown) => {
    throw raise('unreadable', reason(error), { path }, error)
  })
  const fault = (message: string, line: number): Error => raise('malformed-plan', message, { path, line })
  const { columns, rows } = delimitedTable(text, fault)
  const chosen = chooseColumns(columns, {})
  const numberOf = (row: (typeof rows)[number], field: 'step' | 'learningRate'): number => {
    const column = chosen.get(field)
    if (column === undefined)
      throw fault(
        `no column of ${columns.map((c) => `"${c}"`).join(', ')} is a ${field === 'step' ? 'step' : 'learning rate'}`,
        1,
      )
    const value = parseNumber(row.get(column) ?? '')
    if (value === undefined || !Number.isFinite(value) || value < 0)
      throw fault(`"${column}" is "${row.get(column)}", expected a number of 0 or more`, row.line)
    return value
  }
  const points = rows.map((row) => ({
    line: row.line,
    step: numberOf(row, 'step'),
    rate: numberOf(row, 'learningRate'),
  }))
  if (points.length < 2)
    throw fault(`it has ${counted(points.length, 'row')}, and two are needed for a plan`, 1)
  points.forEach(({ step, line }, i) => {
    if (i > 0 && step <= points[i - 1].step)
      throw fault(`step ${step} stands behind step ${points[i - 1].step}`, line)
  })
  if (points.every(({ rate }) => rate === 0)) throw fault('every rate is 0', 1)
  return { step: Float64Array.from(points, (p) => p.step), rate: Float64Array.from(points, (p) => p.rate) }
}
