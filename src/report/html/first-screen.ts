import type { GateResult, Result } from '../../core/index.js'
import { modelFacts } from '../text/model-facts.js'
import { boundText } from '../text/numbers.js'
import { type Decider, type Headline, headlines, moreText, STATUS_WORDS, VERDICT_WORDS } from '../verdict.js'
import { gateBar } from './gate-bar.js'
import { html, type Markup } from './markup.js'
import { estimateMarkup, nameMarkup, statusMarkup } from './words.js'

const VERDICT_STATUS = { GO: 'pass', 'NO-GO': 'fail', INCONCLUSIVE: 'warn' } as const

function factsMarkup(result: Result): Markup | undefined {
  const { model } = result
  if (model === undefined) return undefined
  const facts = modelFacts(model, { vocabulary: true })
  const named = model.name === result.title ? [] : [html`<li>${nameMarkup(model.name)}</li>`]
  return html`<ul class="facts">${named}${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`
}

function verdictMarkup(result: Result): Markup {
  const { verdict, summary } = result
  if (verdict === undefined) return html`<p class="lead">${summary}</p>`
  return html`<div class="verdict ${VERDICT_STATUS[verdict]}">
<p class="word"><span class="sr">Verdict: </span>${verdict}</p>
<p class="lead">${summary} <span class="why">${verdict}: ${VERDICT_WORDS[verdict]}.</span></p>
</div>`
}

function deciderMarkup({ status, title, estimate, action }: Decider): Markup {
  return html`<li class="card ${status}">
<p class="tag">${statusMarkup(status)}</p>
<h3>${title}</h3>
${estimate && html`<p class="number">${estimateMarkup(estimate)}</p>`}
${action && html`<p class="action"><b>Do:</b> ${action}</p>`}
</li>`
}

function headlineMarkup(headline: Headline, id: string): Markup {
  const { heading, items } = headline
  const more = moreText(headline)
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
<ul class="cards">${items.map(deciderMarkup)}</ul>
${more && html`<p class="note">${more}</p>\n`}</section>`
}

const TIER_ORDER = ['critical', 'supporting', 'advisory'] as const

/** Beneath the title, where text may wrap. A gate that is not passed says it with its finding. */
function whyMarkup({ status, why }: GateResult): Markup | false {
  return status === 'pass' && why !== undefined && html`<br><small>${why}</small>`
}

function gateRow(gate: GateResult): Markup {
  return html`<tr role="row">
<th role="rowheader" scope="row"><span class="status ${gate.status}" aria-hidden="true">${STATUS_WORDS[gate.status].sign}</span> ${gate.title}<br><small>${gate.tier} · ${STATUS_WORDS[gate.status].word}</small>${whyMarkup(gate)}</th>
<td role="cell">${estimateMarkup(gate.estimate)}</td>
<td role="cell" class="bound">${boundText(gate.bound, gate.estimate)}</td>
<td role="cell" class="bar">${gateBar(gate)}</td>
</tr>`
}

// Roles are spelled out because a narrow screen lays the rows out as blocks, which would take a table's own away.
function gatesMarkup({ gates, provenance }: Result): Markup | undefined {
  if (gates.length === 0) return undefined
  const whose = provenance.find(({ label }) => label === 'gates')?.value
  const sorted = TIER_ORDER.flatMap((tier) => gates.filter((gate) => gate.tier === tier))
  return html`<section aria-labelledby="gates">
<h2 id="gates">Gates</h2>
<table role="table" class="gates">
<caption>Each interval against its bound, the line in the middle. The shaded side fails; a gate passes only when its whole interval is on the other side, the line included. Intervals are 95 % where no other level stands; n counts documents, facts, items or runs.${whose && html` Gates: ${whose}.`}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Gate</th><th role="columnheader" scope="col">Measured</th><th role="columnheader" scope="col">Bound</th><th role="columnheader" scope="col">Interval against bound</th></tr></thead>
<tbody role="rowgroup">${sorted.map(gateRow)}</tbody>
</table>
</section>`
}

/** Model, verdict, what decided it with its actions, gates: everything that a reader in a hurry needs. */
export function firstScreen(result: Result): Markup {
  const [first, ...rest] = headlines(result)
  return html`<header>
<p class="brand"><b>assay</b> ${commandOf(result.schema)} report</p>
<h1>${nameMarkup(result.title)}</h1>
${factsMarkup(result)}
${verdictMarkup(result)}
</header>
${first && headlineMarkup(first, 'decided')}
${gatesMarkup(result)}
${rest.map((headline, i) => headlineMarkup(headline, `also-${i + 1}`))}`
}

/** `assay/audit@1` → `audit` */
function commandOf(schema: string): string {
  return /^assay\/([^@]*)/.exec(schema)?.[1] ?? schema
}
