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

/** `audit` tells a gate that is not passed as a finding, too: the same fault, with what to do about it. */
const GATE_CODE = 'gate/'

function gateCase(gate: GateResult, findings: readonly Finding[]): Case {
  const measured = `${gate.title}: ${formatEstimate(gate.estimate)}, bound: ${boundText(gate.bound, gate.estimate)}`
  // An undecided critical gate blocks a release (INCONCLUSIVE, exit 2), so CI must show it red.
  const undecided = gate.tier === 'critical' ? 'error' : 'skipped'
  const failed = gate.tier === 'advisory' ? 'skipped' : 'failure'
  const outcome = gate.status === 'pass' ? 'pass' : gate.status === 'fail' ? failed : undecided
  const told = findings.find(
    (f) =>
      f.code === GATE_CODE + gate.metric &&
      f.threshold?.kind === gate.bound.kind &&
      f.threshold.value === gate.bound.value,
  )
  const action = told?.action === undefined ? '' : `\naction: ${told.action}`
  return {
    suite: `gate.${gate.tier}`,
    name: gate.metric,
    outcome,
    message: told?.title ?? gate.reason,
    detail: measured + action,
  }
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

/** What a probe found wrong by itself; a gate's finding stands in the gate's own case. */
function ownFault({ status, code }: Finding): boolean {
  return (status === 'fail' || status === 'error') && !code.startsWith(GATE_CODE)
}

/**
 * A result as JUnit XML: a case per gate, and one per finding of a probe that failed or could not be judged for an
 * error. One failed gate is one failure.
 * Characters that XML 1.0 forbids are replaced, so that a hostile file name cannot make the file unreadable.
 */
export function renderJUnit(result: Result): string {
  const cases = [
    ...result.gates.map((gate) => gateCase(gate, result.findings)),
    ...result.findings.filter(ownFault).map(findingCase),
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
