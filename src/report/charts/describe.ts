import type { Chart, DotChart, LineChart, Mark, PassageChart, Series } from '../../core/index.js'
import { counted } from '../../core/index.js'
import { formatEstimate, formatNumber } from '../text/numbers.js'
import { axisTitle, isShowable } from './ticks.js'

const ROWS_TOLD = 40

/** What a chart shows, in words, for those who do not see it. */
export function describeChart(chart: Chart): string {
  switch (chart.kind) {
    case 'dots':
      return describeDots(chart)
    case 'lines':
      return describeLines(chart)
    case 'passage':
      return describePassage(chart)
  }
}

function listed(parts: readonly string[]): string {
  const more = parts.length > ROWS_TOLD ? `; and ${parts.length - ROWS_TOLD} more` : ''
  return `${parts.slice(0, ROWS_TOLD).join('; ')}${more}.`
}

function describeDots(chart: DotChart): string {
  const rows = chart.rows.map(({ label, estimate }) => `${label}: ${formatEstimate(estimate)}`)
  const references = (chart.reference ?? []).map(
    ({ label, value }) => `reference ${label}: ${formatNumber(value)}`,
  )
  return `Dots with intervals on ${axisTitle(chart.x)}. ${listed([...rows, ...references])}`
}

function describeMark({ from, to, label, status }: Mark): string {
  const until = to === undefined ? '' : ` to ${formatNumber(to)}`
  return `${label} (${status}) at ${formatNumber(from)}${until}`
}

function describeSeries(chart: LineChart, series: Series): string {
  const points = Array.from(series.x, (x, i) => ({ x, y: series.y[i] ?? Number.NaN })).filter(
    ({ x, y }) => isShowable(chart.x, x) && isShowable(chart.y, y),
  )
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return `${series.name}: not measured`
  if (points.length === 1) return `${series.name}: ${formatNumber(first.y)} at ${formatNumber(first.x)}`
  const lowest = points.reduce((a, b) => (b.y < a.y ? b : a))
  const highest = points.reduce((a, b) => (b.y > a.y ? b : a))
  const ends = `from ${formatNumber(first.y)} at ${formatNumber(first.x)} to ${formatNumber(last.y)} at ${formatNumber(last.x)}`
  const range = `lowest ${formatNumber(lowest.y)} at ${formatNumber(lowest.x)}, highest ${formatNumber(highest.y)} at ${formatNumber(highest.x)}`
  return `${series.name} (${counted(points.length, 'point')}): ${ends}, ${range}`
}

function describeLines(chart: LineChart): string {
  const series = chart.series.map((s) => describeSeries(chart, s))
  return `${axisTitle(chart.y)} against ${axisTitle(chart.x)}. ${listed([...series, ...(chart.marks ?? []).map(describeMark)])}`
}

function describePassage(chart: PassageChart): string {
  const strongest = [...chart.spans].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 8)
  const told = strongest.map(({ text, weight }) => `“${text.trim()}” ${formatNumber(weight, 2)}`)
  return `Text coloured by weight from −1 to 1; the strongest: ${listed(told)}`
}
