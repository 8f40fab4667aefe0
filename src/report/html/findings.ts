import type { Finding, Result } from '../../core/index.js'
import { boundText } from '../text/numbers.js'
import { type Shown, shownAs } from '../verdict.js'
import { html, type Markup } from './markup.js'
import type { Cite } from './methods.js'
import { estimateMarkup, statusMarkup } from './words.js'

function thresholdMarkup({ threshold, estimate }: Finding): Markup | undefined {
  if (threshold === undefined) return undefined
  const measured = estimate ?? { kind: 'notEstimable', reason: '' }
  return html` <span class="bound">bound ${boundText(threshold, measured)}</span>`
}

function findingMarkup(finding: Finding, { gates, cite }: Around): Markup {
  const { status, title, estimate, action, detail, sources } = finding
  return html`<li class="finding ${status}">
<p>${statusMarkup(shownAs(finding, { gates }))} <b>${title}</b></p>
${estimate && html`<p class="number">${estimateMarkup(estimate)}${thresholdMarkup(finding)}</p>`}
${action && html`<p class="action"><b>Do:</b> ${action}</p>`}${detail && html`<p class="sources">${detail}</p>`}
${sources.length > 0 && html`<p class="sources">${sources.map((source, i) => html`${i > 0 && ' · '}${cite(source)}`)}</p>`}
</li>`
}

/** What findings are shown by: the gates of their result, and the book. */
export interface Around extends Pick<Result, 'gates'> {
  readonly cite: Cite
}

const WORST_FIRST = ['error', 'fail', 'warn', 'insufficient', 'pass'] as const

/** The worst among findings, as it is shown; nothing where there are none. */
export function worstOf(findings: readonly Finding[], result: Pick<Result, 'gates'>): Shown | undefined {
  const shown = findings.map((finding) => shownAs(finding, result))
  return [...WORST_FIRST, 'noted' as const].find((status) => shown.includes(status))
}

/** Findings as a list, the worst first. */
export function findingsMarkup(findings: readonly Finding[], around: Around): Markup | undefined {
  if (findings.length === 0) return undefined
  const sorted = WORST_FIRST.flatMap((status) => findings.filter((f) => f.status === status))
  return html`<ul class="findings">${sorted.map((finding) => findingMarkup(finding, around))}</ul>`
}
