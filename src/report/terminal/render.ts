import type { Result } from '../../core/index.js'
import { boundText, formatEstimate } from '../text/numbers.js'
import { oneLine } from '../text/safe.js'
import { decidingFindings, STATUS_WORDS } from '../verdict.js'

/** How the terminal takes text. `columns` is its width in cells. */
export interface TerminalOptions {
  readonly colour: boolean
  readonly columns?: number
}

/** A result for a terminal: verdict, what decided it, gates, and a sentence per question. */
export function renderTerminal(result: Result, _options: TerminalOptions): string {
  const lines = [`${oneLine(result.title)}  ${result.verdict ?? ''}`, oneLine(result.summary), '']
  for (const finding of decidingFindings(result)) {
    lines.push(`${STATUS_WORDS[finding.status].sign} ${oneLine(finding.title)}`)
    if (finding.estimate) lines.push(`  ${oneLine(formatEstimate(finding.estimate))}`)
    if (finding.action) lines.push(`  → ${oneLine(finding.action)}`)
  }
  for (const gate of result.gates)
    lines.push(
      `${STATUS_WORDS[gate.status].sign} ${oneLine(gate.title)}  ${formatEstimate(gate.estimate)}  ${boundText(gate.bound, gate.estimate)}`,
    )
  for (const section of result.sections)
    lines.push('', oneLine(section.question), `  ${oneLine(section.answer)}`)
  return `${lines.join('\n')}\n`
}
