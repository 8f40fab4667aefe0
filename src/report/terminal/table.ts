import type { TableView } from '../../core/index.js'
import { formatCell } from '../text/cells.js'
import { oneLine } from '../text/safe.js'
import { cellWidth, pad } from '../text/width.js'
import type { Paint } from './style.js'

const MOST_ROWS = 12
const NARROWEST = 6

/** Columns' widths within `width` cells: the widest gives way first. */
function columnWidths(cells: readonly (readonly string[])[], width: number): number[] {
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => cellWidth(row[i] ?? ''))))
  const total = (): number => widths.reduce((sum, w) => sum + w + 2, -2)
  while (total() > width) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= NARROWEST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

/** A table's first rows within `width` cells; numbers stand to the right. */
export function tableLines(view: TableView, width: number, paint: Paint): string[] {
  const rows = view.rows.slice(0, MOST_ROWS)
  const cells = [
    view.columns.map(oneLine),
    ...rows.map((row) => row.map((cell) => oneLine(formatCell(cell)))),
  ]
  const widths = columnWidths(cells, width)
  const isText = view.columns.map((_, i) =>
    rows.every((row) => typeof row[i] === 'string' || row[i] === null),
  )
  const lines = cells.map((row) =>
    row
      .map((text, i) => pad(text, widths[i] ?? 0, isText[i] === true ? 'left' : 'right'))
      .join('  ')
      .trimEnd(),
  )
  const left = view.rows.length - rows.length
  const more = left > 0 ? [paint(`${left} more rows in the HTML report`, 'dim')] : []
  return [paint(lines[0] ?? '', 'dim'), ...lines.slice(1), ...more]
}
