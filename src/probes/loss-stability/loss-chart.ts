import {
  type Axis,
  blockMedians,
  type CurveEvent,
  downsample,
  finite,
  type JudgedRun,
  type LineChart,
  type Mark,
  type Series,
  type Status,
  statusOfVerdict,
} from '../../core/index.js'
import { VERDICT_WORDS } from './words.js'

/** Points of a stretch that was rolled back: medians, so that its noise does not cover what came in its place. */
const ROLLED_BACK_POINTS = 30
/** Marks beyond this many would cover the chart: the widest and highest are kept. */
const MOST_MARKS = 12
/** More spikes than this are drawn as dots on their peaks instead of a labelled line each. */
const MOST_SPIKE_MARKS = 6
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
export function stepAxis(run: JudgedRun): Axis {
  const { prepared, events } = run
  const last = Math.max(prepared.lastStep, ...events.map((e) => e.toStep))
  return { label: 'step', domain: [Math.min(prepared.firstStep, last - 1), last] }
}

/** Loss with its robust smooth, validation losses, what was rolled back, and marked events. */
export function lossChart(run: JudgedRun): LineChart {
  const raw = downsample(run.curve)
  const validates = run.prepared.validation.step.length > 0 && run.curve !== run.prepared.validation
  const series: Series[] = [{ name: validates ? 'training loss' : 'loss', style: 'faint', ...raw }]
  if (run.levels !== undefined)
    series.push({
      name: 'robust smooth',
      style: 'line',
      ...downsample({ step: run.levels.step, value: run.levels.level }),
    })
  if (validates)
    series.push({ name: 'validation loss', style: 'points', ...downsample(run.prepared.validation, 60) })
  series.push(...rolledBackLine(run), ...spikeDots(run))
  return {
    kind: 'lines',
    caption: `${run.run.id} ${VERDICT_WORDS[run.verdict]}`,
    x: stepAxis(run),
    y: { label: 'loss', unit: run.unit, ...lossDomain([run]) },
    series,
    marks: marksOf(run),
    height: 'tall',
  }
}

/** The first per cent of a run falls from ten nats and would flatten all that follows; no range without a loss. */
function lossRange(run: JudgedRun): [number, number][] {
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
  return low <= high ? [[low - pad, high + pad]] : []
}

/** Where the losses of all these runs lie; the data decide where none has a finite loss. */
export function lossDomain(runs: readonly JudgedRun[]): Pick<Axis, 'domain'> {
  const ranges = runs.flatMap(lossRange)
  if (ranges.length === 0) return {}
  return { domain: [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))] }
}
