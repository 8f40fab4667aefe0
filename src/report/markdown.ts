import type { Estimate, GateResult, Result, Section, TableView } from '../core/index.js'
import { counted } from '../core/index.js'
import { sourcesOf } from './methods/sources.js'
import { formatCell } from './text/cells.js'
import { boundText, formatEstimate } from './text/numbers.js'
import { escapeMarkdown } from './text/safe.js'
import { type Headline, headlines, moreText, STATUS_WORDS, VERDICT_WORDS } from './verdict.js'

const VERDICT_SIGNS = { GO: '🟢', 'NO-GO': '🔴', INCONCLUSIVE: '🟡' } as const
const ROWS_SHOWN = 40

const number = (estimate: Estimate): string => escapeMarkdown(formatEstimate(estimate))

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n')
}

function gateTable(gates: readonly GateResult[]): string {
  return table(
    ['', 'gate', 'tier', 'measured', 'bound'],
    gates.map((gate) => [
      `${STATUS_WORDS[gate.status].sign} ${STATUS_WORDS[gate.status].word}`,
      escapeMarkdown(gate.title),
      gate.tier,
      number(gate.estimate),
      escapeMarkdown(
        [boundText(gate.bound, gate.estimate), ...(gate.why === undefined ? [] : [gate.why])].join(': '),
      ),
    ]),
  )
}

function headlineText(headline: Headline): string {
  const { heading, items } = headline
  const more = moreText(headline)
  const list = items
    .map((finding) => {
      const measured = finding.estimate === undefined ? '' : `: ${number(finding.estimate)}`
      const action = finding.action === undefined ? '' : `\n  **Do:** ${escapeMarkdown(finding.action)}`
      const { sign, word } = STATUS_WORDS[finding.status]
      return `- ${sign} **${escapeMarkdown(finding.title)}** (${word})${measured}${action}`
    })
    .join('\n')
  return `**${heading}**\n\n${list}${more === undefined ? '' : `\n\n${more}`}`
}

function tableText(view: TableView): string {
  const shown = view.rows
    .slice(0, ROWS_SHOWN)
    .map((cells) => cells.map((cell) => escapeMarkdown(formatCell(cell))))
  const left = view.rows.length - shown.length
  const more = left > 0 ? `\n\n${counted(left, 'more row')} in the HTML report.` : ''
  return `**${escapeMarkdown(view.title)}**\n\n${table(view.columns.map(escapeMarkdown), shown)}${more}`
}

function sectionText(section: Section, sources: readonly string[]): string {
  const tables = section.tables.map(tableText).join('\n\n')
  const cited = sources.length === 0 ? '' : `Sources: ${sources.map(escapeMarkdown).join(' · ')}`
  const body = [tables, cited].filter((text) => text !== '').join('\n\n')
  const folded =
    body === ''
      ? ''
      : `\n\n<details><summary>${tables === '' ? 'Sources' : 'Table'}</summary>\n\n${body}\n\n</details>`
  return `### ${escapeMarkdown(section.question)}\n\n${escapeMarkdown(section.answer)}${folded}`
}

/**
 * A result as GitHub-flavoured Markdown for a CI job summary: verdict, deciding findings, gates, then a
 * paragraph per question with its table folded. Text from outside cannot form links, tags or tables.
 */
export function renderMarkdown(result: Result): string {
  const { verdict } = result
  const [first, ...rest] = headlines(result)
  const heading = verdict === undefined ? '' : `${VERDICT_SIGNS[verdict]} ${verdict} · `
  const blocks = [
    `## ${heading}${escapeMarkdown(result.title)}`,
    verdict === undefined ? '' : `${verdict}: ${VERDICT_WORDS[verdict]}.`,
    escapeMarkdown(result.summary),
    first === undefined ? '' : headlineText(first),
    result.gates.length === 0 ? '' : gateTable(result.gates),
    ...rest.map(headlineText),
    ...[...result.sections]
      .sort((a, b) => a.order - b.order)
      .map((section) => sectionText(section, sourcesOf(result, section))),
    measuredText(result),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function measuredText(result: Result): string {
  const provenance = [...result.provenance, { label: 'seed', value: String(result.seed) }]
    .map(({ label, value }) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(value)}`)
    .join('\n')
  const missing = result.notMeasured
    .map(({ what, why }) => `- not measured: **${escapeMarkdown(what)}** (${escapeMarkdown(why)})`)
    .join('\n')
  return `<details><summary>How this was measured</summary>\n\n${provenance}\n${missing}\n\n</details>`
}
