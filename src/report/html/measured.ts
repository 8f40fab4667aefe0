import type { Result } from '../../core/index.js'
import { html, type Markup } from './markup.js'
import { methodsMarkup, type Shelf } from './methods.js'
import { tableMarkup } from './table.js'
import { nameMarkup } from './words.js'

/** Hashes are for checking, not for reading: they stand in the folded part. */
const HASH = /[0-9a-f]{16}/

function listMarkup(rows: readonly { label: string; value: string }[]): Markup | undefined {
  if (rows.length === 0) return undefined
  return html`<dl>${rows.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`
}

/** Versions, seeds, hashes, settings, and what was not measured and why. */
export function measuredMarkup(result: Result, shelf: Shelf): Markup {
  const provenance = [
    ...result.provenance,
    { label: 'seed', value: String(result.seed) },
    { label: 'result format', value: result.schema },
    ...(result.model === undefined ? [] : [{ label: 'SHA-256', value: result.model.sha256 ?? 'unknown' }]),
  ]
  const inputs = new Set(result.inputs.map((input) => input.path))
  return html`<section aria-labelledby="measured">
<h2 id="measured">How this was measured</h2>
<p>Numbers in brackets are intervals, of 95 % unless another level is written behind them: of a hundred 95 % intervals ninety-five hold the true value, of a hundred 80 % intervals eighty. A value at an end of its interval is the most or the least that could be counted. <i>n</i> counts what was sampled independently: documents, items or runs. Gates are decided on the interval’s end, not on the value.</p>
${listMarkup(provenance.filter((p) => !HASH.test(p.value)))}
${
  result.notMeasured.length > 0 &&
  html`<h3>Not measured</h3>
<ul>${result.notMeasured.map(({ what, why }) => html`<li><b>${what}</b>: ${why}</li>`)}</ul>`
}
<details>
<summary>Inputs and every number</summary>
${listMarkup(provenance.filter((p) => HASH.test(p.value) && !inputs.has(p.label)))}
<h3>Inputs</h3>
<dl class="hashes">${result.inputs.map(({ path, sha256 }) => html`<dt>${nameMarkup(path)}</dt><dd><code>${sha256}</code></dd>`)}</dl>
${
  result.metrics.length > 0 &&
  tableMarkup({
    title: 'Metrics that gates can name',
    columns: ['metric', 'what it is', 'better', 'measured'],
    rows: result.metrics.map((m) => [m.id, m.title, m.better, m.estimate]),
  })
}
</details>
${methodsMarkup(shelf)}
</section>`
}
