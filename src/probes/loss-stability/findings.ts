import type {
  Confidence,
  CurveEvent,
  Estimate,
  Finding,
  JudgedRun,
  Landing,
  LogAnalysis,
  LogNote,
  Status,
} from '../../core/index.js'
import { breaksOff, decidesVerdict, exact, notEstimable, statusOfVerdict } from '../../core/index.js'
import { EVIDENCE, ORDER, sourcesOfEvent } from './sources.js'
import { countText, VERDICT_WORDS, worstFirst } from './words.js'

export const PROBE = 'loss-stability'
/** Single outliers beyond this many are counted, not listed. */
const LISTED_SPIKES = 3

function costText(event: CurveEvent): string {
  const { cost } = event
  if (cost === undefined) return ''
  const parts = [
    cost.nats === undefined ? '' : `${cost.nats.toFixed(2)} nats/token`,
    cost.steps === undefined ? '' : `${countText(cost.steps)} steps`,
    cost.tokens === undefined ? '' : `${countText(cost.tokens)} tokens`,
    cost.flops === undefined ? '' : `${countText(cost.flops)} FLOPs`,
  ].filter((p) => p !== '')
  return parts.length === 0 ? '' : ` Cost: ${parts.join(', ')}.`
}

function estimateOf(event: CurveEvent): Estimate {
  if (event.size !== undefined) return event.size
  return Number.isFinite(event.magnitude)
    ? exact(event.magnitude, event.unit, 1)
    : notEstimable('the loss is not finite there')
}

/** The kind of event that gave the verdict carries its status; everything else is a warning. */
function statusOf(event: CurveEvent, run: JudgedRun): Status {
  const status = statusOfVerdict(run.verdict)
  return status !== 'pass' && decidesVerdict(event, run.verdict) ? status : 'warn'
}

function sentence(text: string): string {
  return text.length === 0 ? text : text[0].toUpperCase() + text.slice(1)
}

function eventFinding(event: CurveEvent, run: JudgedRun, several: boolean): Finding {
  const cause = event.cause === undefined ? '' : ` (${event.cause})`
  return {
    probe: PROBE,
    code: `${PROBE}/${event.code}`,
    status: statusOf(event, run),
    title: `${several ? `${run.run.id}: ` : ''}${sentence(event.text)}${cause}.${costText(event)} Confidence: ${event.confidence}.`,
    estimate: estimateOf(event),
    ...(event.action === undefined ? {} : { action: event.action }),
    sources: sourcesOfEvent(event.code),
  }
}

/** Spikes that came back, as one finding. */
function spikesFinding(spikes: readonly CurveEvent[], run: JudgedRun, several: boolean): Finding {
  const highest = spikes.reduce((a, b) => (b.magnitude > a.magnitude ? b : a))
  const steps = spikes.slice(0, 12).map((s) => s.fromStep)
  const more = spikes.length > steps.length ? `, … (${spikes.length - steps.length} more)` : ''
  const cause = spikes.find((s) => s.cause !== undefined)?.cause
  return {
    probe: PROBE,
    code: `${PROBE}/spike`,
    status: 'warn',
    title: `${several ? `${run.run.id}: ` : ''}${spikes.length === 1 ? '1 spike, back, at step' : `${spikes.length} spikes, each back, at steps`} ${steps.join(', ')}${more}; the highest +${highest.magnitude.toFixed(2)} nats/token at ${highest.fromStep}${cause === undefined ? '' : ` (${cause})`}. Confidence: strong.`,
    estimate: exact(spikes.length, 'spikes', run.curve.value.length),
    action: 'Look at the batches of these steps; skip or filter them if they recur.',
    sources: sourcesOfEvent('spike'),
  }
}

const HIDDEN: ReadonlySet<string> = new Set(['minor-spike'])

const CONFIDENCES: readonly Confidence[] = ['strong', 'moderate', 'weak']

/** What decided the verdict first, then by confidence. */
function importance(event: CurveEvent, run: JudgedRun): number {
  const decides = run.verdictEvents.some((e) => e.code === event.code && e.fromStep === event.fromStep)
  return (decides && decidesVerdict(event, run.verdict) ? 0 : 10) + CONFIDENCES.indexOf(event.confidence)
}

const COPY = 'Copy the log again from where it was written; what could not be read was not judged.'
/** What of a log was not read, or not as it stands there: by note, what is said and advised. */
const UNREAD: Partial<Record<LogNote['code'], (note: LogNote) => readonly [title: string, action: string]>> =
  {
    damaged: ({ text }) => [`The log is damaged: ${text}`, COPY],
    'cut-file': ({ text }) => [`The log is cut: ${text}`, COPY],
    'bad-step': ({ text, line, count }) => [
      `${count} ${count === 1 ? 'row is' : 'rows are'} left out: the step is no count (${text} in line ${line})`,
      'Correct the steps of these rows.',
    ],
    'no-loss': ({ text }) => [
      sentence(text),
      'Check why the trainer wrote none there; the run is judged by the others.',
    ],
    unordered: ({ text }) => [
      sentence(text),
      'Check that the rows are of one run; a column of run names is told apart (run, run_id).',
    ],
    'repeated-steps': ({ text }) => [
      sentence(text),
      'Check that one process alone writes the log, and that the column of steps is the right one (--columns step=…).',
    ],
  }

/** What could not be read of the log was not judged: nobody may take the rest for the whole. */
function unreadFindings({ run }: JudgedRun, several: boolean): Finding[] {
  return run.notes.flatMap((note) => {
    const told = UNREAD[note.code]?.(note)
    if (told === undefined) return []
    const [said, action] = told
    const title = breaksOff(note, run) ? `${said}; what the run did behind that is not known` : said
    return [
      {
        probe: PROBE,
        code: `${PROBE}/${note.code === 'damaged' ? 'damaged-log' : note.code}`,
        status: 'warn' as const,
        title: `${several ? `${run.id}: ` : ''}${title}`,
        action,
        sources: [ORDER, EVIDENCE],
      },
    ]
  })
}

/** Which files were taken for one run, and which for a branch: nobody may have to guess it. */
function pieceFindings({ run }: JudgedRun): Finding[] {
  return run.notes
    .filter(
      (note) =>
        note.code === 'joined' ||
        note.code === 'branch' ||
        note.code === 'newest-first' ||
        note.code === 'same-file',
    )
    .map((note) => ({
      probe: PROBE,
      code: `${PROBE}/${note.code}`,
      status: 'pass' as const,
      title: sentence(note.text),
      sources: [ORDER, EVIDENCE],
    }))
}

const lossText = ({ loss }: Landing): string =>
  loss.kind === 'estimate'
    ? `${loss.value.toFixed(3)} [${loss.interval.low.toFixed(3)}, ${loss.interval.high.toFixed(3)}]`
    : ''

/** Where a run that has not ended will land, under which rates, and where it would if they began to fall now. */
function landingFindings(run: JudgedRun, several: boolean): Finding[] {
  const { landing, annealNow } = run
  const name = several ? `${run.run.id}: ` : ''
  const base = { probe: PROBE, status: 'pass' as const, sources: ['docs/methods/curve.md#landing', EVIDENCE] }
  const found: Finding[] = run.rates.differs.map((text) => ({
    ...base,
    code: `${PROBE}/plan-differs`,
    status: 'warn' as const,
    title: `${name}What was said of the rates differs from the log: ${text}`,
    action: 'Check --until-step, --decay and --plan against the run’s configuration.',
  }))
  if (landing.loss.kind === 'estimate' && landing.step > run.prepared.lastStep)
    found.push({
      ...base,
      code: `${PROBE}/landing`,
      title: `${name}Will land at ${lossText(landing)} at step ${landing.step} under ${landing.assumed ? 'the rate of today, which is assumed to stay' : `the schedule ${landing.schedule}`} (${landing.law === 'both' ? 'mean of both laws' : `${landing.law} law`}${landing.runs > 1 ? `, fitted to ${landing.runs} runs` : ''})`,
      estimate: landing.loss,
      ...(landing.assumed
        ? { action: 'Say what is planned: --until-step N with --decay KIND:STEPS[:END], or --plan FILE.' }
        : {}),
    })
  if (landing.loss.kind === 'notEstimable' && run.run.plan !== undefined)
    found.push({
      ...base,
      code: `${PROBE}/no-landing`,
      status: 'warn',
      title: `${name}No landing at step ${landing.step} is told: ${landing.loss.reason}`,
      action: 'Name a nearer step, or judge again when the log has come further.',
    })
  if (annealNow?.loss.kind === 'estimate')
    found.push({
      ...base,
      code: `${PROBE}/anneal-now`,
      title: `${name}Would land at ${lossText(annealNow)} at step ${annealNow.step} if the decay ${annealNow.schedule}${annealNow.assumed ? ' (assumed)' : ''} began now`,
      estimate: annealNow.loss,
    })
  return found
}

/** How the end stands to the reference's: degraded runs have an event that says so. */
function referenceFindings(run: JudgedRun, several: boolean): Finding[] {
  const { comparison, unit } = run
  if (comparison === undefined || run.events.some((e) => e.code === 'degraded' && e.size !== undefined))
    return []
  const { difference, reference, method, until, reachedAt } = comparison
  const name = several ? `${run.run.id} ` : 'The run '
  const base = {
    probe: PROBE,
    code: `${PROBE}/reference`,
    estimate: difference,
    sources: ['docs/methods/curve.md#against-a-reference', EVIDENCE],
  }
  if (difference.kind === 'notEstimable')
    return [
      {
        ...base,
        status: 'warn',
        title: `${name}cannot be held against ${reference}: ${difference.reason}`,
        action: 'Log the learning rate in both runs, or compare them when both have ended.',
      },
    ]
  const { value, interval } = difference
  const isKnown = interval.low > 0 || interval.high < 0
  const stands = !isKnown ? 'level with' : value < 0 ? 'ahead of' : 'behind'
  const reached =
    stands === 'behind' && reachedAt !== undefined ? `; the reference was there at step ${reachedAt}` : ''
  return [
    {
      ...base,
      status: 'pass',
      title: `${name}is ${stands} ${reference} at step ${until}: ${signed(value)} [${signed(interval.low)}, ${signed(interval.high)}] ${unit} (${method}; below 0 is better)${reached}`,
    },
  ]
}

const signed = (nats: number): string => `${nats < 0 ? '−' : '+'}${Math.abs(nats).toFixed(3)}`

function runFindings(run: JudgedRun, several: boolean): Finding[] {
  const spikes = run.events.filter((e) => e.code === 'spike')
  const others = run.events
    .filter((e) => !HIDDEN.has(e.code) && (e.code !== 'spike' || spikes.length <= LISTED_SPIKES))
    .sort((a, b) => importance(a, run) - importance(b, run))
  const found = [
    ...unreadFindings(run, several),
    ...pieceFindings(run),
    ...others.map((e) => eventFinding(e, run, several)),
  ]
  if (spikes.length > LISTED_SPIKES) found.push(spikesFinding(spikes, run, several))
  found.push(...referenceFindings(run, several))
  const status = statusOfVerdict(run.verdict)
  if (status !== 'fail') found.push(...landingFindings(run, several))
  if (status === 'pass')
    found.push({
      probe: PROBE,
      code: `${PROBE}/verdict`,
      status,
      title: `${several ? run.run.id : 'The run'} ${VERDICT_WORDS[run.verdict]}`,
      estimate: run.finalLoss,
      sources: [
        ORDER,
        'docs/methods/curve.md#landing',
        'docs/methods/curve.md#spike-score',
        'OLMo 2, arXiv:2501.00656',
        EVIDENCE,
      ],
    })
  if (run.earlyWarning !== undefined)
    found.push({
      probe: PROBE,
      code: `${PROBE}/early-warning`,
      status: 'warn',
      title: `${several ? `${run.run.id}: ` : ''}The run could have been stopped at step ${run.earlyWarning.step}, after ${Math.round(100 * run.earlyWarning.share)} % of its compute (${run.earlyWarning.sign})`,
      estimate: exact(run.earlyWarning.share, 'share', 1),
      action: 'Watch such runs with `assay curve LOG --follow --until fail`.',
      sources: ['docs/methods/curve.md#early-warning', EVIDENCE],
    })
  return found
}

function sharedFindings(analysis: LogAnalysis): Finding[] {
  return analysis.shared.map((s) => ({
    probe: PROBE,
    code: `${PROBE}/shared-spikes`,
    status: 'warn' as const,
    title: `${s.a} and ${s.b} spike at the same ${s.steps.length} steps (of ${s.ofA} and ${s.ofB}; chance: ${s.expected.toFixed(1)}): the data or their order is the cause`,
    estimate: exact(s.steps.length, 'spikes', Math.min(s.ofA, s.ofB)),
    action: `Look at the batches of steps ${s.steps.slice(0, 8).join(', ')}.`,
    sources: ['docs/methods/curve.md#shared-spikes', EVIDENCE],
  }))
}

/** The schedule that the law of all runs prefers, as advice. */
function bestFindings({ best }: LogAnalysis): Finding[] {
  if (best === undefined || best.gain.kind === 'notEstimable') return []
  const { steps, schedule, gain, over, loss } = best
  const { value, interval } = gain
  return [
    {
      probe: PROBE,
      code: `${PROBE}/best-schedule`,
      status: 'pass',
      title: `For ${steps} steps the law of these runs prefers the peak rate and then the decay ${schedule}: ${loss.toFixed(3)}, ${value.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}] below the schedule of ${over}, as the law has it; of such gains three fifths came where it was tried`,
      estimate: gain,
      ...(interval.low > 0 ? { action: `Train the next run under that schedule.` } : {}),
      sources: ['docs/methods/curve.md#multi-power-law', EVIDENCE],
    },
  ]
}

const STATUSES: readonly Status[] = ['error', 'fail', 'insufficient', 'warn', 'pass']

/**
 * Findings of all runs: those that fail first, of these the worst run's; within a run what decided its verdict, then
 * what is sure, then weak signs.
 */
export function findingsOf(analysis: LogAnalysis): Finding[] {
  const several = analysis.runs.length > 1
  const found = [
    ...worstFirst(analysis).flatMap((run) => runFindings(run, several)),
    ...sharedFindings(analysis),
    ...bestFindings(analysis),
  ]
  return found.sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status))
}
