import {
  CURVE_THRESHOLDS,
  chartsAlong,
  counted,
  defineProbe,
  downsample,
  exact,
  type Finding,
  type JudgedRun,
  type Judgement,
  LEAST_RATES,
  type LineChart,
  type LogAnalysis,
  type NoRates,
  type Section,
  whyNoRates,
} from '../../core/index.js'

const PROBE = 'learning-rate-schedule'
const ORDER = 41
const FITTED_POINTS = 200

/** Of a run without a schedule: what its log says instead, in a table's cell, in a sentence, and what to do. */
const NO_RATES: Readonly<
  Record<NoRates, { code: string; short: string; says: (rates: number) => string; action: string }>
> = {
  'not-logged': {
    code: 'no-learning-rate',
    short: 'not logged',
    says: () => 'the log gives no learning rate',
    action: 'Log the learning rate; the law of the loss and its prediction need it.',
  },
  'too-few-rates': {
    code: 'too-few-rates',
    short: 'too few',
    says: (rates) =>
      `the log gives ${counted(rates, 'learning rate')}, fewer than the ${LEAST_RATES} that tell a schedule`,
    action: `Judge the run again when its log has ${LEAST_RATES} learning rates or more.`,
  },
  'zero-rates': {
    code: 'zero-rates',
    short: 'all 0',
    says: () => 'every learning rate in the log is 0',
    action: 'Check what is logged as the learning rate: at a rate of 0 nothing is learnt.',
  },
  'negative-rates': {
    code: 'negative-rates',
    short: 'below 0',
    says: () => 'no learning rate in the log is above 0, and some are below it',
    action: 'Check what is logged as the learning rate: its logarithm, or a change of it, is none.',
  },
}

const noRatesOf = ({ prepared }: JudgedRun) => NO_RATES[whyNoRates(prepared.learningRate) ?? 'not-logged']
const DECAYS = { linear: 'linear', cosine: 'cosine', exp: 'exponential', sqrt: '1 − √' } as const

function kindOf(run: JudgedRun): string {
  const { schedule } = run
  if (schedule === undefined) return noRatesOf(run).short
  return schedule.decay === undefined ? schedule.kind : `${schedule.kind} (${DECAYS[schedule.decay]} decay)`
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

function describe(run: JudgedRun): string {
  const { schedule } = run
  if (schedule === undefined) return noRatesOf(run).says(run.prepared.learningRate.step.length)
  const share = (100 * schedule.warmupSteps) / Math.max(1, run.prepared.lastStep)
  const warmup =
    schedule.warmupSteps === 0
      ? 'no warm-up'
      : `warm-up over ${schedule.warmupSteps} steps (${share.toPrecision(2)} % of the run)`
  const ratio = schedule.end / schedule.peak
  return `${kindOf(run)}, ${warmup}, peak ${Number(schedule.peak.toPrecision(3))}, end at ${Number((100 * ratio).toFixed(ratio < 0.1 ? 1 : 0))} % of the peak`
}

function finding(run: JudgedRun, several: boolean): Finding {
  const { schedule } = run
  const name = several ? `${run.run.id}: ` : ''
  const mismatch = run.events.find((e) => e.code === 'schedule-mismatch')
  const base = { probe: PROBE, sources: ['docs/methods/curve.md#schedule', 'evidence: trainingLog'] }
  if (schedule === undefined)
    return {
      ...base,
      code: `${PROBE}/${noRatesOf(run).code}`,
      status: 'warn',
      title: `${name}${sentence(describe(run))}: its schedule is not known`,
      action: noRatesOf(run).action,
    }
  return {
    ...base,
    code: `${PROBE}/recognised`,
    status: mismatch === undefined ? 'pass' : mismatch.confidence === 'weak' ? 'warn' : 'fail',
    title: `${name}The schedule is ${describe(run)}`,
    estimate: exact(
      schedule.residual,
      'of the peak, largest residual',
      run.prepared.learningRate.step.length,
    ),
    ...(mismatch?.action === undefined ? {} : { action: mismatch.action }),
  }
}

function chart(run: JudgedRun): LineChart[] {
  const { schedule, prepared } = run
  if (schedule === undefined) return []
  const { learningRate } = prepared
  const first = learningRate.step[0]
  const last = learningRate.step[learningRate.step.length - 1]
  const from = Math.max(first, schedule.warmupSteps)
  const x = Array.from({ length: FITTED_POINTS }, (_, i) => from + ((last - from) * i) / (FITTED_POINTS - 1))
  return [
    {
      kind: 'lines',
      caption: `${run.run.id}: ${describe(run)}`,
      x: {
        label: 'step',
        domain: [Math.min(run.prepared.firstStep, first), Math.max(run.prepared.lastStep, last)],
      },
      y: { label: 'learning rate' },
      series: [
        { name: 'logged', style: 'faint', ...downsample(learningRate) },
        ...(schedule.kind === 'other' || schedule.kind === 'unknown'
          ? []
          : [{ name: `fitted: ${schedule.kind}`, style: 'line' as const, x, y: x.map(schedule.fitted) }]),
      ],
      marks:
        schedule.flatFrom === undefined || schedule.flatShare < CURVE_THRESHOLDS.flatTailNote
          ? []
          : [{ from: schedule.flatFrom, to: last, label: 'lowest rate', status: 'warn' }],
      height: 'short',
    },
  ]
}

function answer({ runs }: LogAnalysis): string {
  const [first] = runs
  if (runs.length > 1 && runs.every((r) => whyNoRates(r.prepared.learningRate) === 'not-logged'))
    return 'The logs give no learning rate: nobody can tell.'
  if (runs.length === 1 && first.schedule === undefined)
    return `${sentence(describe(first))}: nobody can tell.`
  return runs.length === 1
    ? `The schedule: ${describe(first)}.`
    : `Schedules: ${[...new Set(runs.map(kindOf))].join(', ')}.`
}

function section(analysis: LogAnalysis): Section {
  const logged = analysis.runs.some((r) => r.schedule !== undefined)
  return {
    id: 'learning-rate',
    probe: PROBE,
    order: ORDER,
    question: 'Does the learning-rate schedule fit the run?',
    answer: answer(analysis),
    inShort: [...new Set(analysis.runs.map(kindOf))].slice(0, 3).join(', '),
    charts: analysis.runs.slice(0, 4).flatMap((run) => chartsAlong(chart(run), run, analysis.axis)),
    tables: !logged
      ? []
      : [
          {
            title: 'Schedules',
            columns: [
              'run',
              'kind',
              'warm-up steps',
              'peak',
              'end',
              'largest residual, share of peak',
              'share at the lowest rate',
            ],
            rows: analysis.runs.map((judged) => {
              const { run, schedule: s } = judged
              return [
                run.id,
                kindOf(judged),
                s?.warmupSteps ?? null,
                s?.peak ?? null,
                s?.end ?? null,
                s?.residual ?? null,
                s?.flatShare ?? null,
              ]
            }),
          },
        ],
    protocol: [
      'Shapes after the peak: constant, cosine, linear, warm-up–stable–decay, inverse square root, power, exponential, steps; chosen by BIC with the print’s rounding as least error.',
    ],
  }
}

/** Findings and section of an analysis, for the probe and for `assay curve`. */
export function judgeSchedule(analysis: LogAnalysis): Judgement {
  const several = analysis.runs.length > 1
  // Of several logs without any learning rate one line is enough.
  const isLogged = analysis.runs.some((r) => whyNoRates(r.prepared.learningRate) !== 'not-logged')
  return {
    findings: isLogged
      ? analysis.runs.map((r) => finding(r, several))
      : analysis.runs.slice(0, 1).map((r) => finding(r, false)),
    metrics: [],
    sections: [section(analysis)],
  }
}

/** Which schedule did the run follow, and does it fit the run's length? */
export const learningRateSchedule = defineProbe({
  id: PROBE,
  title: 'The learning-rate schedule fits the run',
  failureTitle: 'The learning-rate schedule does not fit the run',
  needs: ['trainingLog'],
  sources: ['docs/methods/curve.md#schedule'],
  // A schedule fits or it does not: findings, no number to hold a gate against.
  metrics: [],
  judge: ({ trainingLog }, { analyseLogs }) => judgeSchedule(analyseLogs(trainingLog)),
})
