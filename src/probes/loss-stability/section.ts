import {
  type Axis,
  blockMedians,
  type Chart,
  type CurveEvent,
  finite,
  type JudgedRun,
  type LineChart,
  type LogAnalysis,
  type Mark,
  type Section,
  type Series,
  type Status,
  type TableView,
} from '../../core/index.js'
import { downsample } from './downsample.js'
import { PROBE } from './findings.js'
import { statusOfVerdict, summaryOf, VERDICT_WORDS, worstFirst } from './words.js'

const ORDER = 40
/** Points of a stretch that was rolled back: medians, so that its noise does not cover what came in its place. */
const ROLLED_BACK_POINTS = 30
/** Of a law that fits worse than this nobody learns anything, nats. */
const WORST_LAW = 0.2
/** Marks beyond this many would cover the chart: the widest and highest are kept. */
const MOST_MARKS = 12
/** More spikes than this are drawn as dots on their peaks instead of a labelled line each. */
const MOST_SPIKE_MARKS = 6
/** Runs that are drawn one by one; more are overlaid only. */
const MOST_SINGLE = 4
const HIDDEN: ReadonlySet<string> = new Set([
  'minor-spike',
  'no-warmup',
  'resumed',
  'skipped-steps',
  'degraded',
  'flat',
  'stuck',
  'unusual-unit',
  'validation-gap',
])

function spikesOf(run: JudgedRun): CurveEvent[] {
  return run.events.filter((e) => e.code === 'spike')
}

function marksOf(run: JudgedRun): Mark[] {
  const status = (code: string): Status =>
    code === 'spike' || code === 'slow-recovery' ? 'warn' : statusOfVerdict(run.verdict)
  const dotted = spikesOf(run).length > MOST_SPIKE_MARKS
  return run.events
    .filter((e) => !HIDDEN.has(e.code) && !(dotted && e.code === 'spike'))
    .sort((a, b) => b.magnitude - a.magnitude)
    .slice(0, MOST_MARKS)
    .sort((a, b) => a.fromStep - b.fromStep)
    .map((e) => ({
      from: e.fromStep,
      ...(e.toStep > e.fromStep ? { to: e.toStep } : {}),
      label: e.code,
      status: status(e.code),
    }))
}

/** Peaks of many spikes as dots. */
function spikeDots(run: JudgedRun): Series[] {
  const spikes = spikesOf(run)
  if (spikes.length <= MOST_SPIKE_MARKS) return []
  const { step, value } = run.curve
  const at = spikes.map((e) => step.indexOf(e.fromStep)).filter((i) => i >= 0)
  return [
    {
      name: `${spikes.length} spikes`,
      style: 'points',
      x: at.map((i) => step[i]),
      y: at.map((i) => value[i]),
    },
  ]
}

/** What was rolled back, as the log first told it: one line, broken between two stretches. */
function rolledBackLine(run: JudgedRun): Series[] {
  const x: number[] = []
  const y: number[] = []
  for (const { discarded } of run.prepared.restarts) {
    const thin = finite(discarded)
    const part = downsample(
      thin.step.length > ROLLED_BACK_POINTS ? blockMedians(thin, ROLLED_BACK_POINTS) : thin,
    )
    if (part.x.length === 0) continue
    if (x.length > 0) {
      x.push(part.x[0])
      y.push(Number.NaN)
    }
    x.push(...part.x)
    y.push(...part.y)
  }
  return x.length === 0 ? [] : [{ name: 'rolled back', style: 'line', x, y }]
}

/** All charts of a run share their steps, so that what stands beneath belongs to what stands above. */
function stepAxis(run: JudgedRun): Axis {
  const { prepared, events } = run
  const last = Math.max(prepared.lastStep, ...events.map((e) => e.toStep))
  return { label: 'step', domain: [Math.min(prepared.firstStep, last - 1), last] }
}

function lossChart(run: JudgedRun): LineChart {
  const raw = downsample(run.curve)
  const validates = run.prepared.validation.step.length > 0 && run.curve !== run.prepared.validation
  const series: Series[] = [{ name: validates ? 'training loss' : 'loss', style: 'faint', ...raw }]
  if (run.levels !== undefined)
    series.push({
      name: 'robust smooth',
      style: 'line',
      ...downsample({
        step: run.levels.step,
        value: run.levels.level,
        row: new Int32Array(run.levels.step.length),
      }),
    })
  if (validates)
    series.push({ name: 'validation loss', style: 'points', ...downsample(run.prepared.validation, 60) })
  series.push(...rolledBackLine(run), ...spikeDots(run))
  return {
    kind: 'lines',
    caption: `${run.run.id} ${VERDICT_WORDS[run.verdict]}`,
    x: stepAxis(run),
    y: { label: 'loss', unit: run.unit, domain: lossDomain(run) },
    series,
    marks: marksOf(run),
    height: 'tall',
  }
}

/** The first per cent of a run falls from ten nats and would flatten all that follows. */
function lossDomain(run: JudgedRun): [number, number] {
  const { value } = run.curve
  const n = value.length
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = n > 20 ? Math.max(1, Math.floor(0.02 * n)) : 0; i < n; i++) {
    if (value[i] < low) low = value[i]
    if (value[i] > high) high = value[i]
  }
  for (const { discarded } of run.prepared.restarts)
    for (const v of discarded.value) if (Number.isFinite(v) && v > high) high = v
  const pad = 0.05 * Math.max(0.1, high - low)
  return [low - pad, high + pad]
}

function residualChart(run: JudgedRun): LineChart[] {
  const { law } = run
  if (law === undefined || !(law.law.deviation <= WORST_LAW)) return []
  const from = law.step.findIndex((s) => s >= law.fromStep)
  const x = law.step.slice(from)
  return [
    {
      kind: 'lines',
      caption: `The loss keeps within ${law.law.deviation.toFixed(3)} ${run.unit} (one deviation) of ${law.law.learningRate ? 'the LR-aware law' : 'a power law in steps; the log gives no learning rate'}`,
      x: stepAxis(run),
      y: { label: 'loss − law', unit: run.unit },
      series: [
        {
          name: 'residual',
          style: 'line',
          x,
          y: Float64Array.from(law.level.slice(from), (v, i) => v - law.expected[from + i]),
        },
      ],
      height: 'short',
    },
  ]
}

function gradientCaption(run: JudgedRun): string {
  const growth = run.events.find((e) => e.code === 'gradient-growth' || e.code === 'gradient-outliers')
  if (growth !== undefined) return `${growth.text[0].toUpperCase()}${growth.text.slice(1)}`
  const { gradNorm, clipped } = run.scores
  const share = gradNorm.kind === 'estimate' ? gradNorm : clipped
  const how = gradNorm.kind === 'estimate' ? 'lie 7 deviations off' : 'would be clipped by ZClip'
  return share.kind === 'estimate'
    ? `The gradient norm does not grow; ${(100 * share.value).toPrecision(2)} % of its values ${how}`
    : 'The gradient norm does not grow'
}

function gradientChart(run: JudgedRun): LineChart[] {
  const { gradNorm } = run.prepared
  if (gradNorm.step.length < 5) return []
  return [
    {
      kind: 'lines',
      caption: gradientCaption(run),
      x: stepAxis(run),
      y: { label: 'gradient norm', scale: 'log' },
      series: [{ name: 'gradient norm', style: 'faint', ...downsample(gradNorm) }],
      height: 'short',
    },
  ]
}

function overlay(analysis: LogAnalysis): LineChart {
  const runs = analysis.reference === undefined ? analysis.runs : [analysis.reference, ...analysis.runs]
  const series = runs.map(
    (run): Series => ({
      name: run.run.id,
      style: 'line',
      ...(run.levels === undefined
        ? downsample(run.curve, 200)
        : downsample(
            { step: run.levels.step, value: run.levels.level, row: new Int32Array(run.levels.step.length) },
            200,
          )),
    }),
  )
  const units = new Set(runs.map((run) => run.unit))
  const high = Math.max(...runs.map((r) => lossDomain(r)[1]))
  const low = Math.min(...runs.map((r) => lossDomain(r)[0]))
  const worst = analysis.runs.filter((r) => statusOfVerdict(r.verdict) !== 'pass').length
  return {
    kind: 'lines',
    caption: overlayCaption(analysis, worst),
    x: { label: 'step' },
    y: {
      label: 'loss, robust smooth',
      ...(units.size === 1 ? { unit: runs[0].unit } : {}),
      domain: [low, high],
    },
    series,
    height: 'tall',
  }
}

function overlayCaption(analysis: LogAnalysis, worst: number): string {
  const [run] = analysis.runs
  const { comparison } = run
  if (analysis.runs.length === 1 && comparison?.difference.kind === 'estimate') {
    const { value } = comparison.difference
    return `${run.run.id} ends ${Math.abs(value).toFixed(3)} ${run.unit} ${value < 0 ? 'below' : 'above'} ${comparison.reference}`
  }
  const n = analysis.runs.length
  if (worst === 0)
    return n === 1 ? 'The run is healthy' : n === 2 ? 'Both runs are healthy' : `All ${n} runs are healthy`
  return `${worst} of ${n} runs ${worst === 1 ? 'is' : 'are'} not healthy`
}

function runsTable(analysis: LogAnalysis): TableView {
  return {
    title: 'Runs',
    columns: [
      'run',
      'format',
      'steps',
      'verdict',
      'final loss',
      'final validation loss',
      'predicted final loss',
      'spikes',
    ],
    rows: analysis.runs.map((r) => [
      r.run.id,
      r.run.format,
      r.prepared.lastStep,
      r.verdict,
      r.finalLoss,
      r.finalValidationLoss,
      r.predictedFinalLoss,
      r.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery').length,
    ]),
  }
}

function scoresTable(analysis: LogAnalysis): TableView {
  return {
    title: 'Stability scores, shares of the logged values',
    columns: [
      'run',
      'loss, spike score',
      'loss, robust',
      'gradient norm, spike score',
      'gradient norm, robust',
      'gradient norm, clipped by ZClip',
    ],
    rows: analysis.runs.map(({ run, scores: s }) => [
      run.id,
      s.loss,
      s.lossRobust,
      s.gradNorm,
      s.gradNormRobust,
      s.clipped,
    ]),
  }
}

function eventsTable(analysis: LogAnalysis): TableView {
  return {
    title: 'Events',
    columns: ['run', 'event', 'from step', 'to step', 'size', 'unit', 'confidence', 'cause'],
    rows: analysis.runs.flatMap((r) =>
      r.events
        .slice(0, 200)
        .map((e) => [
          r.run.id,
          e.code,
          e.fromStep,
          e.toStep,
          e.magnitude,
          e.unit,
          e.confidence,
          e.cause ?? null,
        ]),
    ),
  }
}

/** Was the run stable? Loss with its marks, residual of the law, gradient norm; several runs overlaid. */
export function lossSection(analysis: LogAnalysis): Section {
  const single = worstFirst(analysis).slice(0, MOST_SINGLE)
  const charts: Chart[] = [
    ...(analysis.runs.length + (analysis.reference === undefined ? 0 : 1) > 1 ? [overlay(analysis)] : []),
    ...single.flatMap((run) => [lossChart(run), ...residualChart(run), ...gradientChart(run)]),
  ]
  return {
    id: 'training-curve',
    probe: PROBE,
    order: ORDER,
    question:
      analysis.runs.length === 1 ? 'Was the training run healthy?' : 'Were the training runs healthy?',
    answer: summaryOf(analysis),
    charts,
    tables: [runsTable(analysis), scoresTable(analysis), eventsTable(analysis)],
    protocol: [
      'Order of judgement: non-finite, divergence, roll-back, appended runs, truncation, schedule, spikes, law, gradient norm, throughput, validation gap.',
      'Spike: ≥ 6 SD above the mean of the previous 128 logged losses, and ≥ .4 nats or 10 %.',
      'Spike score (OLMo 2, arXiv:2501.00656): share of values 7 SD or more from the mean of the 1,000 before; robust: from their median, by 1.4826 · MAD. ZClip (arXiv:2504.02507): norms more than 2.5 running deviations above their running mean, α = .97. Intervals: Wilson, values taken as independent.',
      'Robust smooth: trailing medians over 1 % of the run, five values or more.',
      'Law: L0 + A·S1^(−α) − C·S2 (arXiv:2408.11029), S2 from the learning-rate peak on, fitted by variable projection with Huber weights.',
    ],
  }
}
