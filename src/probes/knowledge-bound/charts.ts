import {
  binOf,
  cleanFacts,
  groupBy,
  type LineChart,
  type Observations,
  quantised,
  type RetentionAnalysis,
  type Series,
  sumByBin,
} from '../../core/index.js'
import { claimedFacts, headlineFit } from './findings.js'

/** Models drawn at once: the smallest, the largest and two between them, the judged one among the four. */
const MAX_MODELS = 4

function drawnModels({ models }: Observations, judged: string | undefined): readonly number[] {
  if (models.length <= MAX_MODELS) return [...models.keys()]
  const own = models.findIndex(({ model }) => model === judged)
  const spread = [0, 1, 2, 3].map((i) => Math.round((i * (models.length - 1)) / 3))
  if (own < 0 || spread.includes(own)) return spread
  // The judged one stands for its neighbour.
  const nearest = spread.reduce((best, i) => (Math.abs(i - own) < Math.abs(best - own) ? i : best))
  return spread.map((i) => (i === nearest ? own : i))
}

/** Mean accuracy against documents that name both: points as measured, lines as the chosen form predicts. */
export function retentionChart(analysis: RetentionAnalysis, caption: string): LineChart {
  const { observations, advice } = analysis
  const clean = cleanFacts(observations)
  const series = drawnModels(observations, headlineFit(analysis)?.model).flatMap((m): Series[] => {
    const model = observations.models[m]
    const cells = sumByBin(observations.facts, model, 'cooccurrence', clean)
    if (cells.length === 0) return []
    const x = cells.map((cell) => 2 ** quantised(cell.bin))
    const measured: Series = {
      name: model.model,
      style: 'points',
      x,
      y: cells.map((cell) => cell.sum / cell.facts),
    }
    const form = advice?.expect
    if (form === undefined) return [measured]
    const asked = [...model.positions].flatMap((i) => (clean[i] === 1 ? [observations.facts[i]] : []))
    const byBin = groupBy(asked, (fact) => binOf(fact, 'cooccurrence'))
    const expected = cells.map((cell) => {
      const own = byBin.get(cell.bin) ?? []
      return own.reduce((s, fact) => s + (form(fact, model) ?? 0), 0) / own.length
    })
    return [measured, { name: `${model.model}, predicted`, style: 'line', x, y: expected }]
  })
  const bound = headlineFit(analysis)?.bound
  if (bound?.kind === 'estimate' && series.length > 0) {
    const all = series.flatMap((s) => Array.from(s.x))
    const ends = [Math.min(...all), Math.max(...all)]
    series.push({ name: 'published bound', style: 'faint', x: ends, y: [bound.value, bound.value] })
  }
  return {
    kind: 'lines',
    caption,
    x: { label: 'documents that name subject and object', scale: 'log' },
    y: { label: 'accuracy', unit: 'accuracy', domain: [0, 1] },
    series,
  }
}

/** Error of what is left to the model against the share of facts that retrieval takes over. */
export function tradeOffChart(analysis: RetentionAnalysis): LineChart | null {
  const points = analysis.advice?.tradeOff ?? []
  if (points.length < 2) return null
  const x = points.map((p) => p.retrieved)
  const measured = points.filter((p) => p.measuredError !== null)
  const first = points[0]
  const { all, retrieved } =
    analysis.advice === null ? { all: 0, retrieved: 0 } : claimedFacts(analysis.advice)
  const advised = retrieved / Math.max(1, all)
  const last = points.reduce((best, p) =>
    Math.abs(p.retrieved - advised) < Math.abs(best.retrieved - advised) ? p : best,
  )
  return {
    kind: 'lines',
    caption: `Retrieving ${Math.round(100 * last.retrieved)} % of the facts takes the expected error on the rest from ${Math.round(100 * first.expectedError)} to ${Math.round(100 * last.expectedError)} %.`,
    x: { label: 'share of facts served by retrieval', unit: 'share', domain: [0, 1] },
    y: { label: 'error on the facts left to the model', unit: 'share' },
    series: [
      { name: 'expected', style: 'line', x, y: points.map((p) => p.expectedError) },
      {
        name: 'measured',
        style: 'points',
        x: measured.map((p) => p.retrieved),
        y: measured.map((p) => p.measuredError ?? 0),
      },
    ],
  }
}
