import type { Cell, TableView } from '../../core/index.js'
import { EMPTY_CELL } from '../text/cells.js'
import { formatNumber } from '../text/numbers.js'
import { html, type Markup } from './markup.js'
import { estimateMarkup, nameMarkup } from './words.js'

/** Rows that a table shows; a report is for people, the evidence folder holds the rest. */
const ROWS_SHOWN = 500

function cellMarkup(cell: Cell): Markup {
  if (cell === null) return html`<td class="missing">${EMPTY_CELL}</td>`
  if (typeof cell === 'number') return html`<td class="numeric">${formatNumber(cell)}</td>`
  if (typeof cell === 'string') return html`<td>${nameMarkup(cell)}</td>`
  return html`<td class="numeric">${estimateMarkup(cell)}</td>`
}

function rowMarkup([head, ...cells]: readonly Cell[]): Markup {
  const first =
    typeof head === 'string'
      ? html`<th scope="row">${nameMarkup(head)}</th>`
      : head !== undefined && cellMarkup(head)
  return html`<tr>${first}${cells.map(cellMarkup)}</tr>`
}

/** A table within a frame that scrolls by itself where it is wider than the page. */
export function tableMarkup({ title, columns, rows }: TableView): Markup {
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] !== 'string' && row[i] !== null))
  const left = rows.length - ROWS_SHOWN
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table>
<caption>${title}</caption>
<thead><tr>${columns.map((name, i) => html`<th scope="col"${numeric[i] === true && html` class="numeric"`}>${name}</th>`)}</tr></thead>
<tbody>${rows.slice(0, ROWS_SHOWN).map(rowMarkup)}</tbody>
</table></div>
${left > 0 && html`<p class="note">${formatNumber(left)} more rows are in the evidence folder.</p>`}`
}
