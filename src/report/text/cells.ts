import type { Cell } from '../../core/index.js'
import { formatEstimate, formatNumber } from './numbers.js'

/** What stands where nothing was measured or nothing applies. */
export const EMPTY_CELL = '–'

/** A table cell as text. */
export function formatCell(cell: Cell): string {
  if (cell === null) return EMPTY_CELL
  if (typeof cell === 'number') return formatNumber(cell)
  return typeof cell === 'string' ? cell : formatEstimate(cell)
}
