import type { TableView } from '../../core/index.js'
import { counted } from '../../core/index.js'
import { formatCell } from '../text/cells.js'
import { oneLine } from '../text/safe.js'
import { cellWidth, pad, wrap } from '../text/width.js'
import type { Paint } from './style.js'

const MOST_ROWS = 12
/** Text is broken into lines no narrower than this before a table is broken into two. */
const NARROWEST_TEXT = 14
const GAP = 2

interface Column {
  readonly head: string
  readonly body: readonly string[]
  readonly isText: boolean
  /** Cells that it takes when no line is broken but the heading's. */
  readonly wide: number
  /** The least that it can do with: a figure is never broken, a text at its spaces. */
  readonly narrow: number
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(cellWidth))

function columnsOf(view: TableView): Column[] {
  const rows = view.rows.slice(0, MOST_ROWS)
  return view.columns.map((name, i) => {
    const head = oneLine(name)
    const body = rows.map((row) => oneLine(formatCell(row[i] ?? null)))
    const isText = rows.every((row) => typeof row[i] === 'string' || (row[i] ?? null) === null)
    const figures = Math.max(widest(body), widest(head.split(' ')))
    const wide = isText ? Math.max(widest(body), cellWidth(head)) : figures
    return { head, body, isText, wide, narrow: isText ? Math.min(wide, NARROWEST_TEXT) : figures }
  })
}

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + GAP, -GAP)

/** Columns in groups that fit `width` side by side; the first column, which names the row, begins each. */
function groupsOf([key, ...rest]: readonly Column[], width: number): Column[][] {
  const groups: Column[][] = []
  let group = [key]
  for (const column of rest) {
    if (group.length > 1 && total([...group, column].map((c) => c.narrow)) > width) {
      groups.push(group)
      group = [key]
    }
    group.push(column)
  }
  return [...groups, group]
}

/** Widths within `width` cells: the widest text gives way first, figures only where there is nothing else. */
function widthsOf(group: readonly Column[], width: number): number[] {
  const widths = group.map((column) => column.wide)
  const give = (least: readonly number[]): void => {
    while (total(widths) > width) {
      const spare = widths.map((w, i) => (w > least[i] ? w : 0))
      const most = Math.max(...spare)
      if (most === 0) return
      widths[spare.indexOf(most)]--
    }
  }
  give(group.map((column) => column.narrow))
  give(group.map(() => 1))
  return widths
}

/** One row of a group as lines: what is too long for its column goes on beneath. */
function rowLines(cells: readonly string[], group: readonly Column[], widths: readonly number[]): string[] {
  const broken = cells.map((text, i) => wrap(text, widths[i]))
  return Array.from({ length: Math.max(...broken.map((lines) => lines.length)) }, (_, line) =>
    broken
      .map((lines, i) => pad(lines[line] ?? '', widths[i], group[i].isText ? 'left' : 'right'))
      .join(' '.repeat(GAP))
      .trimEnd(),
  )
}

function groupLines(group: readonly Column[], width: number, paint: Paint): string[] {
  const widths = widthsOf(group, width)
  const head = rowLines(
    group.map((c) => c.head),
    group,
    widths,
  )
  const rows = group[0].body.flatMap((_, row) =>
    rowLines(
      group.map((c) => c.body[row]),
      group,
      widths,
    ),
  )
  return [...head.map((line) => paint(line, 'dim')), ...rows]
}

/**
 * A table's first rows within `width` cells, nothing cut: long text is broken into lines, and what does not fit side
 * by side stands beneath, with the first column again. Numbers stand to the right.
 */
export function tableLines(view: TableView, width: number, paint: Paint): string[] {
  if (view.columns.length === 0) return []
  const groups = groupsOf(columnsOf(view), width)
  const left = view.rows.length - MOST_ROWS
  const more = left > 0 ? [paint(`${counted(left, 'more row')} in the HTML report`, 'dim')] : []
  return [
    ...groups.flatMap((group, i) => [...(i === 0 ? [] : ['']), ...groupLines(group, width, paint)]),
    ...more,
  ]
}
