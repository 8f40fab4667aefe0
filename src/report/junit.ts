import type { Finding, GateResult, Result } from '../core/index.js'
import { boundText, formatEstimate } from './text/numbers.js'
import { escapeMarkup, oneLine } from './text/safe.js'
import { STATUS_WORDS } from './verdict.js'

const attribute = (text: string): string => escapeMarkup(oneLine(text))

interface Case {
  readonly suite: string
  readonly name: string
  /** `skipped` is JUnit's only word for "not decided": a gate without evidence must not look like a pass. */
  readonly outcome: 'pass' | 'failure' | 'error' | 'skipped'
  readonly message: string
  readonly detail: string
}

function gateCase(gate: GateResult): Case {
  const measured = `${gate.title}: ${formatEstimate(gate.estimate)}, bound: ${boundText(gate.bound, gate.estimate)}`
  // An undecided critical gate blocks a release (INCONCLUSIVE, exit 2), so CI must show it red.
  const undecided = gate.tier === 'critical' ? 'error' : 'skipped'
  const failed = gate.tier === 'advisory' ? 'skipped' : 'failure'
  const outcome = gate.status === 'pass' ? 'pass' : gate.status === 'fail' ? failed : undecided
  return { suite: `gate.${gate.tier}`, name: gate.metric, outcome, message: gate.reason, detail: measured }
}

function findingCase(finding: Finding): Case {
  const measured = finding.estimate === undefined ? '' : `${formatEstimate(finding.estimate)}\n`
  const action = finding.action === undefined ? '' : `action: ${finding.action}`
  return {
    suite: `finding.${finding.probe}`,
    name: finding.code,
    outcome: finding.status === 'error' ? 'error' : 'failure',
    message: finding.title,
    detail: `${STATUS_WORDS[finding.status].word}\n${measured}${action}`,
  }
}

function caseXml(test: Case): string {
  const head = `    <testcase classname="${attribute(test.suite)}" name="${attribute(test.name)}"`
  if (test.outcome === 'pass')
    return `${head}>\n      <system-out>${escapeMarkup(test.detail)}</system-out>\n    </testcase>`
  const body =
    test.outcome === 'skipped'
      ? `<skipped message="${attribute(`${test.message} (${test.detail})`)}"/>`
      : `<${test.outcome} message="${attribute(test.message)}">${escapeMarkup(test.detail)}</${test.outcome}>`
  return `${head}>\n      ${body}\n    </testcase>`
}

/**
 * A result as JUnit XML: a case per gate, and one per finding that failed or could not be judged for an error.
 * Characters that XML 1.0 forbids are replaced, so that a hostile file name cannot make the file unreadable.
 */
export function renderJUnit(result: Result): string {
  const cases = [
    ...result.gates.map(gateCase),
    ...result.findings.filter((f) => f.status === 'fail' || f.status === 'error').map(findingCase),
  ]
  const count = (outcome: Case['outcome']): number => cases.filter((c) => c.outcome === outcome).length
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
  const name = attribute(`assay: ${result.title}`)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${totals}>`,
    `  <testsuite name="${name}" ${totals}>`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
