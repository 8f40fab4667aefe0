import type { Axis, LineChart } from '../exhibit.js'
import { finite } from '../series/curve.js'
import type { RunJudgement } from './judgement.js'
import { lastWrites } from './prepare/last-writes.js'

/** What the x axis of a run's charts counts. */
export type ChartAxis = 'step' | 'tokens' | 'hours'
export const CHART_AXES: readonly ChartAxis[] = ['step', 'tokens', 'hours']

const SECONDS_AN_HOUR = 3600
const TITLES: Readonly<Record<ChartAxis, Pick<Axis, 'label' | 'unit'>>> = {
  step: { label: 'step' },
  tokens: { label: 'tokens' },
  hours: { label: 'time in steps', unit: 'h' },
}

/** A straight line through the points on either side of a place, the outermost two going on beyond them. */
function through(x: ArrayLike<number>, y: ArrayLike<number>): (at: number) => number {
  return (at) => {
    let low = 0
    let high = x.length - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (x[middle] <= at) low = middle
      else high = middle
    }
    return y[low] + ((at - x[low]) / (x[high] - x[low])) * (y[high] - y[low])
  }
}

/** Where the steps of a run lie along an axis: tokens as logged (else so many a step), hours that the steps took; undefined where the log does not tell. */
export function placesOf(
  { prepared }: RunJudgement,
  axis: ChartAxis,
): ((step: number) => number) | undefined {
  if (axis === 'step') return (step) => step
  if (axis === 'tokens') {
    const { step, value } = finite(lastWrites(prepared.run, prepared.run.tokens).curve)
    if (step.length > 1) return through(step, value)
    const { tokensPerStep } = prepared
    return tokensPerStep === undefined ? undefined : (at) => at * tokensPerStep
  }
  const { step, value } = finite(prepared.seconds)
  if (step.length < 2) return undefined
  let spent = 0
  const hours = value.map((seconds, i) => {
    spent += seconds * (step[i] - (i === 0 ? Math.min(prepared.firstStep, step[0]) : step[i - 1]))
    return spent / SECONDS_AN_HOUR
  })
  return through(step, hours)
}

/** A chart over steps laid along another axis; `places` tells where the steps of each of its series lie. */
export function alongAxis(
  chart: LineChart,
  axis: ChartAxis | undefined,
  places: (series: string) => ((step: number) => number) | undefined,
): LineChart {
  if (axis === undefined || axis === 'step') return chart
  const [first] = chart.series
  const at = places(first?.name ?? '') ?? ((step: number) => step)
  const { domain } = chart.x
  return {
    ...chart,
    x: {
      ...TITLES[axis],
      ...(domain === undefined ? {} : { domain: [at(domain[0]), at(domain[1])] as const }),
    },
    series: chart.series.map((series) => ({ ...series, x: Array.from(series.x, places(series.name) ?? at) })),
    ...(chart.marks === undefined
      ? {}
      : {
          marks: chart.marks.map((mark) => ({
            ...mark,
            from: at(mark.from),
            ...(mark.to === undefined ? {} : { to: at(mark.to) }),
          })),
        }),
  }
}

/** Charts of one run along an axis. */
export function chartsAlong(charts: readonly LineChart[], run: RunJudgement, axis?: ChartAxis): LineChart[] {
  const places = axis === undefined ? undefined : placesOf(run, axis)
  return charts.map((chart) => alongAxis(chart, axis, () => places))
}
