import type { CurveEvent, CurveVerdict, EventCode } from './events/event.js'

/**
 * Precedence of verdicts, the worst first (docs/methods/curve.md#order-of-judgement; docs/curve.md). The first entry
 * whose event is there, and not merely a weak sign, names the run.
 */
export const PRECEDENCE: readonly { readonly verdict: CurveVerdict; readonly codes: readonly EventCode[] }[] =
  [
    { verdict: 'not-enough-data', codes: ['not-enough-data'] },
    { verdict: 'diverged', codes: ['diverged', 'non-finite'] },
    { verdict: 'spiked-not-recovered', codes: ['not-recovered'] },
    { verdict: 'rolled-back', codes: ['rolled-back'] },
    { verdict: 'stuck', codes: ['stuck'] },
    { verdict: 'overfitting', codes: ['overfitting'] },
    { verdict: 'degraded', codes: ['degraded', 'drift'] },
    { verdict: 'truncated', codes: ['truncated'] },
    { verdict: 'schedule-mismatch', codes: ['schedule-mismatch'] },
    { verdict: 'flat', codes: ['flat'] },
    { verdict: 'healthy-with-spikes', codes: ['spike', 'slow-recovery'] },
  ]

const STATUS: Readonly<Record<CurveVerdict, 'pass' | 'fail' | 'insufficient'>> = {
  healthy: 'pass',
  'healthy-with-spikes': 'pass',
  degraded: 'fail',
  'spiked-not-recovered': 'fail',
  diverged: 'fail',
  'rolled-back': 'fail',
  stuck: 'fail',
  overfitting: 'fail',
  'schedule-mismatch': 'fail',
  truncated: 'insufficient',
  flat: 'insufficient',
  'not-enough-data': 'insufficient',
}

/** Whether a verdict is good, bad, or leaves it open. */
export function statusOfVerdict(verdict: CurveVerdict): 'pass' | 'fail' | 'insufficient' {
  return STATUS[verdict]
}

const WORST_FIRST = ['fail', 'insufficient', 'pass']

/** Place of a verdict in the precedence, 0 for the worst; what is too short to tell stands behind what is bad. */
export function severityRank(verdict: CurveVerdict): number {
  const at = PRECEDENCE.findIndex((p) => p.verdict === verdict)
  return WORST_FIRST.indexOf(STATUS[verdict]) * PRECEDENCE.length + (at < 0 ? PRECEDENCE.length : at)
}

/** What the run ended as: `settled` are the events that describe its final state, without discarded attempts. */
export function verdictOfRun(events: readonly CurveEvent[]): CurveVerdict {
  for (const { verdict, codes } of PRECEDENCE)
    if (events.some((e) => e.confidence !== 'weak' && codes.includes(e.code))) return verdict
  return 'healthy'
}

/** Whether an event is of the kind that gave a run its verdict. */
export function decidesVerdict(event: CurveEvent, verdict: CurveVerdict): boolean {
  return (
    event.confidence !== 'weak' &&
    PRECEDENCE.some((p) => p.verdict === verdict && p.codes.includes(event.code))
  )
}
