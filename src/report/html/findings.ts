import type { Finding, Status } from '../../core/index.js'
import { boundText } from '../text/numbers.js'
import { html, type Markup } from './markup.js'
import type { Cite } from './methods.js'
import { estimateMarkup, statusMarkup } from './words.js'

function thresholdMarkup({ threshold, estimate }: Finding): Markup | undefined {
  if (threshold === undefined) return undefined
  const measured = estimate ?? { kind: 'notEstimable', reason: '' }
  return html` <span class="bound">bound ${boundText(threshold, measured)}</span>`
}

function findingMarkup(finding: Finding, cite: Cite): Markup {
  const { status, title, estimate, action, detail, sources } = finding
  return html`<li class="finding ${status}">
<p>${statusMarkup(status)} <b>${title}</b></p>
${estimate && html`<p class="number">${estimateMarkup(estimate)}${thresholdMarkup(finding)}</p>`}
${action && html`<p class="action"><b>Do:</b> ${action}</p>`}${detail && html`<p class="sources">${detail}</p>`}
${sources.length > 0 && html`<p class="sources">${sources.map((source, i) => html`${i > 0 && ' · '}${cite(source)}`)}</p>`}
</li>`
}

const WORST_FIRST = ['error', 'fail', 'warn', 'insufficient', 'pass'] as const

/** The worst status among findings; nothing where there are none. */
export function worstOf(findings: readonly Finding[]): Status | undefined {
  return WORST_FIRST.find((status) => findings.some((f) => f.status === status))
}

/** Findings as a list, the worst first. */
export function findingsMarkup(findings: readonly Finding[], cite: Cite): Markup | undefined {
  if (findings.length === 0) return undefined
  const sorted = WORST_FIRST.flatMap((status) => findings.filter((f) => f.status === status))
  return html`<ul class="findings">${sorted.map((finding) => findingMarkup(finding, cite))}</ul>`
}
