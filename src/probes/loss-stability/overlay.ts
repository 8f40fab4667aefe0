import {
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
