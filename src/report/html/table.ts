import type { Cell, TableView } from '../../core/index.js'
import { counted } from '../../core/index.js'
import { tintOf } from '../charts/passage.js'
import { EMPTY_CELL } from '../text/cells.js'
import { formatNumber } from '../text/numbers.js'
import { html, type Markup } from './markup.js'
import { estimateMarkup, nameMarkup } from './words.js'

/** Rows that a table shows; a report is for people, the evidence folder holds the rest. */
const ROWS_SHOWN = 500

function pointOf(cell: Cell): number {
  return cell !== null && typeof cell === 'object' && cell.kind === 'estimate' ? cell.value : 0
}

/** The class of a cell's tint, in steps that a reader can tell apart. */
function heatOf(cell: Cell, largest: number): string {
  const { sign, strength } = tintOf(pointOf(cell) / largest)
  return sign === 'plus' ? ` plus t${strength}` : ''
}

function cellMarkup(cell: Cell, heat = ''): Markup {
  if (cell === null) return html`<td class="missing">${EMPTY_CELL}</td>`
  if (typeof cell === 'number') return html`<td class="numeric">${formatNumber(cell)}</td>`
  if (typeof cell === 'string') return html`<td>${nameMarkup(cell)}</td>`
  return html`<td class="numeric${heat}">${estimateMarkup(cell)}</td>`
}

function rowMarkup([head, ...cells]: readonly Cell[], largest: number): Markup {
  const first =
    typeof head === 'string'
      ? html`<th scope="row">${nameMarkup(head)}</th>`
      : head !== undefined && cellMarkup(head)
  return html`<tr>${first}${cells.map((cell) => cellMarkup(cell, largest > 0 ? heatOf(cell, largest) : ''))}</tr>`
}

/** A table within a frame that scrolls by itself where it is wider than the page. */
export function tableMarkup({ title, columns, rows, heat = false }: TableView): Markup {
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] !== 'string' && row[i] !== null))
  const largest = heat ? Math.max(0, ...rows.flat().map(pointOf)) : 0
  const left = rows.length - ROWS_SHOWN
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table>
<caption>${title}</caption>
<thead><tr>${columns.map((name, i) => html`<th scope="col"${numeric[i] === true && html` class="numeric"`}>${name}</th>`)}</tr></thead>
<tbody>${rows.slice(0, ROWS_SHOWN).map((row) => rowMarkup(row, largest))}</tbody>
</table></div>
${left > 0 && html`<p class="note">${counted(left, 'more row is', 'more rows are')} in the evidence folder.</p>`}`
}
