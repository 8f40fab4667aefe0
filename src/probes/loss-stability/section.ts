import {
  alongAxis,
  type Chart,
  chartsAlong,
  type LogAnalysis,
  placesOf,
  type Section,
} from '../../core/index.js'
import { PROBE } from './findings.js'
import { lossChart } from './loss-chart.js'
import { differenceChart, overlay } from './overlay.js'
import { gradientChart, lossScaleChart, residualChart } from './side-charts.js'
import { eventsTable, runsTable, scoresTable } from './tables.js'
import { inShort, summaryOf, worstFirst } from './words.js'

const ORDER = 40
/** Runs that are drawn one by one; more are overlaid only. */
const MOST_SINGLE = 4

/** Was the run stable? Loss with its marks, residual of the law, gradient norm; several runs overlaid. */
export function lossSection(analysis: LogAnalysis): Section {
  const single = worstFirst(analysis).slice(0, MOST_SINGLE)
  const { axis, reference } = analysis
  const all = reference === undefined ? analysis.runs : [...analysis.runs, reference]
  const places = (id: string) => {
    const run = axis === undefined ? undefined : all.find((r) => r.run.id === id)
    return run === undefined || axis === undefined ? undefined : placesOf(run, axis)
  }
  const charts: Chart[] = [
    ...(all.length > 1 ? [alongAxis(overlay(analysis), axis, places)] : []),
    ...differenceChart(analysis),
    ...single.flatMap((run) =>
      chartsAlong(
        [lossChart(run), ...residualChart(run), ...gradientChart(run), ...lossScaleChart(run)],
        run,
        axis,
      ),
    ),
  ]
  return {
    id: 'training-curve',
    probe: PROBE,
    order: ORDER,
    question:
      analysis.runs.length === 1 ? 'Was the training run healthy?' : 'Were the training runs healthy?',
    answer: summaryOf(analysis),
    inShort: inShort(analysis),
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
