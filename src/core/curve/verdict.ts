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

/** Place of a verdict in the precedence, 0 for the worst; what is too short to tell stands behind what is bad. */
export function severityRank(verdict: CurveVerdict): number {
  const bad = EXIT[verdict] === 1 ? 0 : EXIT[verdict] === 2 ? 1 : 2
  const at = PRECEDENCE.findIndex((p) => p.verdict === verdict)
  return bad * PRECEDENCE.length + (at < 0 ? PRECEDENCE.length : at)
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

const EXIT: Readonly<Record<CurveVerdict, 0 | 1 | 2>> = {
  healthy: 0,
  'healthy-with-spikes': 0,
  degraded: 1,
  'spiked-not-recovered': 1,
  diverged: 1,
  'rolled-back': 1,
  stuck: 1,
  overfitting: 1,
  'schedule-mismatch': 1,
  truncated: 2,
  flat: 2,
  'not-enough-data': 2,
}

/** Exit code of several runs: 1 when any is bad, else 2 when any cannot be told, else 0. */
export function exitCodeOf(verdicts: readonly CurveVerdict[]): 0 | 1 | 2 {
  const codes = verdicts.map((v) => EXIT[v])
  return codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0
}
