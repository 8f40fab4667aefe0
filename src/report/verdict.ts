import type { Estimate, Finding, GateResult, Result, Status, Threshold, Verdict } from '../core/index.js'

/** A reason for the verdict: a finding, or a gate that no finding speaks for. */
export interface Decider {
  readonly status: Status
  readonly title: string
  readonly estimate?: Estimate
  readonly threshold?: Threshold
  readonly action?: string
}

/** Which states decide which verdict, the most telling first. A state that is not listed decides nothing. */
const TELLING: Readonly<Record<Verdict | 'none', readonly Status[]>> = {
  'NO-GO': ['fail', 'error', 'warn', 'insufficient'],
  INCONCLUSIVE: ['insufficient', 'error', 'fail', 'warn'],
  GO: ['fail', 'error', 'warn', 'pass', 'insufficient'],
  none: ['fail', 'error', 'insufficient', 'warn', 'pass'],
}

const DECIDERS_SHOWN = 3

const probeOf = (metric: string): string => metric.split('.', 1)[0] ?? metric

function gateDecider(gate: GateResult): Decider {
  return { status: gate.status, title: `${gate.title}: ${gate.reason}`, estimate: gate.estimate }
}

/**
 * The findings that decided the verdict, at most three: those of probes behind a deciding critical gate come
 * first, then the worst of the others; a deciding gate without a finding of its own speaks for itself.
 */
export function decidingFindings(result: Result, count = DECIDERS_SHOWN): readonly Decider[] {
  const telling = TELLING[result.verdict ?? 'none']
  const deciding = result.gates.filter((gate) => gate.tier === 'critical' && decides(gate, result.verdict))
  const behindGate = (finding: Finding): boolean =>
    deciding.some((gate) => probeOf(gate.metric) === finding.probe && gate.status === finding.status)
  const orphans = deciding.filter(
    (gate) => !result.findings.some((f) => f.probe === probeOf(gate.metric) && f.status === gate.status),
  )
  const rank = (finding: Finding): number =>
    telling.indexOf(finding.status) + (behindGate(finding) ? -telling.length : 0)
  const ranked = result.findings.filter((f) => telling.includes(f.status)).sort((a, b) => rank(a) - rank(b))
  const own = ranked.filter(behindGate)
  return [...own, ...orphans.map(gateDecider), ...ranked.slice(own.length)].slice(0, count)
}

function decides(gate: GateResult, verdict: Verdict | undefined): boolean {
  if (verdict === 'NO-GO') return gate.status === 'fail'
  if (verdict === 'INCONCLUSIVE') return gate.status === 'insufficient'
  return gate.status === 'pass'
}

/** Words and signs for a status: never colour alone. */
export const STATUS_WORDS: Readonly<Record<Status, { readonly word: string; readonly sign: string }>> = {
  pass: { word: 'pass', sign: '✔' },
  warn: { word: 'warning', sign: '▲' },
  fail: { word: 'fail', sign: '✖' },
  insufficient: { word: 'undecided', sign: '?' },
  error: { word: 'error', sign: '!' },
}

/** What a verdict says, in a sentence. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  GO: 'every critical gate passes on its confidence bound',
  'NO-GO': 'at least one critical gate fails on its confidence bound',
  INCONCLUSIVE: 'a critical gate lacks the evidence to decide',
}
