import type { Finding, Result } from '../core/index.js'
import { formatEstimate } from './text/numbers.js'
import { oneLine } from './text/safe.js'

const LEVELS: Partial<Record<Finding['status'], 'error' | 'warning'>> = {
  fail: 'error',
  error: 'error',
  warn: 'warning',
}

/** Data of a workflow command: what would end it is written as its code. */
const data = (text: string): string =>
  oneLine(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
/** A property of one; its own separators, too. */
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/**
 * Failures and warnings of a result as annotations of a pull request, a line each.
 *
 * Source: GitHub Actions, workflow commands (`::error title=…::…`).
 */
export function annotationsOf({ title, findings }: Result): string[] {
  return findings.flatMap((finding) => {
    const level = LEVELS[finding.status]
    if (level === undefined) return []
    const { estimate, action } = finding
    const measured = estimate === undefined ? '' : `: ${formatEstimate(estimate)}`
    const said = `${finding.title}${measured}${action === undefined ? '' : `. ${action}`}`
    return [`::${level} title=${property(title)}::${data(said)}`]
  })
}
