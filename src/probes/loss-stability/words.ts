import {
  type CurveVerdict,
  decidesVerdict,
  type JudgedRun,
  type LogAnalysis,
  severityRank,
  statusOfVerdict,
} from '../../core/index.js'

/** What a verdict means, in words for people. */
export const VERDICT_WORDS: Readonly<Record<CurveVerdict, string>> = {
  healthy: 'is healthy',
  'healthy-with-spikes': 'is healthy; its spikes came back',
  degraded: 'is worse than it should be',
  'spiked-not-recovered': 'spiked and did not recover',
  diverged: 'diverged',
  'rolled-back': 'was rolled back',
  stuck: 'is stuck',
  overfitting: 'overfits',
  truncated: 'ended too early',
  'schedule-mismatch': 'ran with a schedule that does not fit its length',
  flat: 'does not learn anything that shows',
  'not-enough-data': 'is too short to judge',
}

/** The worst run first; equals in the order of the log. */
export function worstFirst(analysis: LogAnalysis): JudgedRun[] {
  return [...analysis.runs].sort((a, b) => severityRank(a.verdict) - severityRank(b.verdict))
}

/** One sentence about all runs. */
export function summaryOf(analysis: LogAnalysis): string {
  const { runs } = analysis
  if (runs.length === 1) {
    const [run] = runs
    const deciding = run.verdictEvents.find((e) => e.code !== 'spike' && decidesVerdict(e, run.verdict))
    const why = deciding === undefined ? '' : `: ${deciding.text}`
    return `The run ${VERDICT_WORDS[run.verdict]}${why}.`
  }
  const counts = new Map<CurveVerdict, number>()
  for (const run of runs) counts.set(run.verdict, (counts.get(run.verdict) ?? 0) + 1)
  const parts = [...counts].map(([verdict, count]) => `${count} ${verdict}`)
  return `${runs.length} runs: ${parts.join(', ')}.`
}

/** The verdict in a word or two. */
export function inShort({ runs }: LogAnalysis): string {
  if (runs.length === 1) return runs[0].verdict
  const ill = runs.filter((run) => statusOfVerdict(run.verdict) !== 'pass').length
  return ill === 0 ? `all ${runs.length} healthy` : `${ill} of ${runs.length} not healthy`
}

/** `1.2e+21` → `1.2e21`; counts with thousands. */
export function countText(value: number): string {
  return value >= 1e6 ? value.toExponential(2).replace('e+', 'e') : Math.round(value).toLocaleString('en-US')
}
