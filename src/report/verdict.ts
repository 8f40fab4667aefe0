import type { Estimate, Finding, GateResult, Result, Status, Threshold, Verdict } from '../core/index.js'

/** A reason for the verdict: a finding, or a gate that no finding speaks for. */
export interface Decider {
  readonly status: Status
  readonly title: string
  readonly estimate?: Estimate
  readonly threshold?: Threshold
  readonly action?: string
}

/** What deserves to be read first. Where the verdict stands, a warning says more than what could not be measured. */
const TELLING: Readonly<Record<Verdict | 'none', readonly Status[]>> = {
  'NO-GO': ['fail', 'error', 'warn', 'insufficient'],
  GO: ['fail', 'error', 'warn', 'insufficient'],
  INCONCLUSIVE: ['fail', 'error', 'insufficient', 'warn'],
  none: ['fail', 'error', 'insufficient', 'warn', 'pass'],
}
const SHOWN = 3

const probeOf = (metric: string): string => metric.split('.', 1)[0] ?? metric

function gateDecider(gate: GateResult): Decider {
  const said = gate.status === 'pass' ? 'passes its critical gate' : gate.reason
  return { status: gate.status, title: `${gate.title}: ${said}`, estimate: gate.estimate }
}

function worstFirst(findings: readonly Finding[], states: readonly Status[]): Finding[] {
  return states.flatMap((status) => findings.filter((f) => f.status === status))
}

/**
 * What the verdict rests on: the critical gates that came out as it did, in the words of their findings; a gate that
 * no finding speaks for speaks for itself. Where every gate passed and a probe failed, its error.
 */
function decidersOf(result: Result): readonly Decider[] {
  const { verdict, gates, findings } = result
  const deciding = gates.filter((gate) => gate.tier === 'critical' && decides(gate, verdict))
  if (verdict === 'GO') return deciding.map(gateDecider)
  const speaks = (finding: Finding, gate: GateResult): boolean =>
    probeOf(gate.metric) === finding.probe && gate.status === finding.status
  const own = findings.filter((finding) => deciding.some((gate) => speaks(finding, gate)))
  const orphans = deciding.filter((gate) => !findings.some((finding) => speaks(finding, gate)))
  if (own.length + orphans.length > 0) return [...own, ...orphans.map(gateDecider)]
  return findings.filter((finding) => finding.status === 'error')
}

/** A heading of the first screen with at most three reasons beneath it. */
export interface Headline {
  readonly heading: string
  readonly items: readonly Decider[]
  /** Reasons that are not in order either and stand further down. */
  readonly more: number
}

/** `2 more in the sections below`; undefined where everything is shown. */
export function moreText({ more }: Headline): string | undefined {
  return more === 0 ? undefined : `${more} more in the sections below`
}

/** The gravest of each probe, so that one with much to say does not push the others away. */
function oneOfEach(sorted: readonly Finding[]): Finding[] {
  return sorted.filter((finding, i) => sorted.findIndex(({ probe }) => probe === finding.probe) === i)
}

/** The first screen's findings: what decided the verdict and nothing else, then, apart, what else is not in order. */
export function headlines(result: Result): readonly Headline[] {
  const { verdict, findings } = result
  const deciders = verdict === undefined ? [] : decidersOf(result)
  const others = worstFirst(
    findings.filter((finding) => !deciders.includes(finding)),
    TELLING[verdict ?? 'none'],
  )
  const probes = new Set(findings.map(({ probe }) => probe))
  return [
    {
      heading: verdict === 'GO' ? 'What decided it' : 'What decided it, and what to do',
      all: deciders,
      first: deciders,
    },
    {
      heading: verdict === undefined ? 'What matters most' : 'Also worth a look',
      all: others,
      first: probes.size > 1 ? oneOfEach(others) : others,
    },
  ]
    .map(({ heading, all, first }) => {
      const items = first.slice(0, SHOWN)
      const more = all.filter((item) => !items.includes(item) && item.status !== 'pass').length
      return { heading, items, more }
    })
    .filter(({ items }) => items.length > 0)
}

function decides(gate: GateResult, verdict: Verdict | undefined): boolean {
  if (verdict === 'NO-GO') return gate.status === 'fail'
  if (verdict === 'INCONCLUSIVE') return gate.status === 'insufficient'
  return gate.status === 'pass'
}

/** Words and signs for a status: never colour alone. */
export const STATUS_WORDS: Readonly<Record<Shown, { readonly word: string; readonly sign: string }>> = {
  pass: { word: 'pass', sign: '✔' },
  noted: { word: 'noted', sign: '•' },
  warn: { word: 'warning', sign: '▲' },
  fail: { word: 'fail', sign: '✖' },
  insufficient: { word: 'undecided', sign: '?' },
  error: { word: 'error', sign: '!' },
}

/** How a finding in its section is shown: what no gate asked for was measured, which is no pass. */
export type Shown = Status | 'noted'

/** By what a finding is shown where its probe passed no gate of this result. */
export function shownAs({ probe, status }: Finding, { gates }: Pick<Result, 'gates'>): Shown {
  const isPassed = gates.some((gate) => gate.status === 'pass' && probeOf(gate.metric) === probe)
  return status === 'pass' && !isPassed ? 'noted' : status
}

/** What a verdict says, in a sentence. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  GO: 'every critical gate passes on its confidence bound',
  'NO-GO': 'at least one critical gate fails on its confidence bound',
  INCONCLUSIVE: 'a critical gate lacks the evidence to decide',
}
