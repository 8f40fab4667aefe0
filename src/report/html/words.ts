import type { Estimate } from '../../core/index.js'
import { estimateText } from '../text/numbers.js'
import { type Shown, STATUS_WORDS } from '../verdict.js'
import { html, type Markup } from './markup.js'

/** An estimate with its value to the fore and interval, unit and n behind it. */
export function estimateMarkup(estimate: Estimate): Markup {
  if (estimate.kind === 'notEstimable')
    return html`<span class="missing">not measured: ${estimate.reason}</span>`
  const { value, interval, unit, n } = estimateText(estimate)
  const measured = unit === '×' ? html`<b>${value}×</b>` : html`<b>${value}</b> ${unit}`
  return html`<span class="estimate">${measured} <span class="interval">${interval}, n = ${n}</span></span>`
}

/** A status as sign and word in its colour. */
export function statusMarkup(status: Shown): Markup {
  const { sign, word } = STATUS_WORDS[status]
  return html`<span class="status ${status}"><span aria-hidden="true">${sign}</span> ${word}</span>`
}

/** Words of mixed direction (names, paths) kept from turning their surroundings around. */
export function nameMarkup(name: string): Markup {
  return html`<bdi>${name}</bdi>`
}
