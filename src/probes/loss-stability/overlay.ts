import {
  type Curve,
  downsample,
  type LineChart,
  type LogAnalysis,
  type Series,
  statusOfVerdict,
} from '../../core/index.js'
import { lossDomain } from './loss-chart.js'

/** Robust smooths of all runs, the reference first. */
export function overlay(analysis: LogAnalysis): LineChart {
  const runs = analysis.reference === undefined ? analysis.runs : [analysis.reference, ...analysis.runs]
  const series = runs.map(
    (run): Series => ({
      name: run.run.id,
      style: 'line',
      ...(run.levels === undefined
        ? downsample(run.curve, 200)
        : downsample({ step: run.levels.step, value: run.levels.level }, 200)),
    }),
  )
  const units = new Set(runs.map((run) => run.unit))
  const worst = analysis.runs.filter((r) => statusOfVerdict(r.verdict) !== 'pass').length
  return {
    kind: 'lines',
    caption: overlayCaption(analysis, worst),
    x: { label: 'step' },
    y: {
      label: 'loss, robust smooth',
      ...(units.size === 1 ? { unit: runs[0].unit } : {}),
      ...lossDomain(runs),
    },
    series,
    height: 'tall',
  }
}

/** Share of the steps, from the start, whose differences do not set the axis: runs differ most while they fall. */
const EARLY = 0.1
/** The least that the axis of differences shows, nats to either side. */
const LEAST_SHOWN = 0.05

/** A curve less another one along a line between its steps, where both go. */
function less(curve: Curve, other: Curve): Curve {
  const { step, value } = other
  const kept: [step: number, difference: number][] = []
  let k = 1
  curve.step.forEach((at, i) => {
    while (k < step.length - 1 && step[k] < at) k++
    const share = (at - step[k - 1]) / (step[k] - step[k - 1])
    if (share >= 0 && share <= 1)
      kept.push([at, curve.value[i] - value[k - 1] - share * (value[k] - value[k - 1])])
  })
  return { step: Float64Array.from(kept, ([at]) => at), value: Float64Array.from(kept, ([, v]) => v) }
}

/** Smooths of the runs less that of the reference at the same steps: a tenth of a nat shows, which ten nats hide. */
export function differenceChart({ runs, reference }: LogAnalysis): LineChart[] {
  if (reference?.levels === undefined || reference.levels.step.length < 2) return []
  const base = { step: reference.levels.step, value: reference.levels.level }
  const found = runs.flatMap(({ run, levels, unit }) => {
    if (levels === undefined || unit !== reference.unit) return []
    const curve = less({ step: levels.step, value: levels.level }, base)
    return curve.step.length < 2 ? [] : [{ name: run.id, curve }]
  })
  if (found.length === 0) return []
  const last = Math.max(...found.map(({ curve }) => curve.step[curve.step.length - 1]))
  const first = Math.min(...found.map(({ curve }) => curve.step[0]))
  const late = found.flatMap(({ curve }) =>
    Array.from(curve.value).filter((_, i) => curve.step[i] >= first + EARLY * (last - first)),
  )
  const [low, high] = [
    late.reduce((a, b) => Math.min(a, b), -LEAST_SHOWN),
    late.reduce((a, b) => Math.max(a, b), LEAST_SHOWN),
  ]
  const { id } = reference.run
  return [
    {
      kind: 'lines',
      caption: `Loss less that of ${id} at the same steps: below 0 is better`,
      x: { label: 'step' },
      y: { label: `loss − ${id}`, unit: reference.unit, domain: [1.05 * low, 1.05 * high] },
      series: [
        { name: id, style: 'faint', x: [first, last], y: [0, 0] },
        ...found.map(({ name, curve }): Series => ({ name, style: 'line', ...downsample(curve, 200) })),
      ],
      height: 'short',
    },
  ]
}

function overlayCaption(analysis: LogAnalysis, worst: number): string {
  const [run] = analysis.runs
  const { comparison } = run
  if (analysis.runs.length === 1 && comparison?.difference.kind === 'estimate') {
    const { value, interval } = comparison.difference
    if (interval.low <= 0 && interval.high >= 0)
      return `${run.run.id} and ${comparison.reference} end alike: their difference is within its interval`
    return `${run.run.id} ends ${Math.abs(value).toFixed(3)} ${run.unit} ${value < 0 ? 'below' : 'above'} ${comparison.reference}`
  }
  const n = analysis.runs.length
  if (worst === 0)
    return n === 1 ? 'The run is healthy' : n === 2 ? 'Both runs are healthy' : `All ${n} runs are healthy`
  return `${worst} of ${n} runs ${worst === 1 ? 'is' : 'are'} not healthy`
}
