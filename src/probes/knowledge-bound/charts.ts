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
import { headlineFit } from './findings.js'

/** Models drawn at once: the smallest, the largest and up to two between them. */
const MAX_MODELS = 4

function drawnModels({ models }: Observations): readonly number[] {
  if (models.length <= MAX_MODELS) return [...models.keys()]
  return [0, 1, 2, 3].map((i) => Math.round((i * (models.length - 1)) / 3))
}

/** Mean accuracy against documents that name both: points as measured, lines as the chosen form predicts. */
export function retentionChart(analysis: RetentionAnalysis, caption: string): LineChart {
  const { observations, advice } = analysis
  const clean = cleanFacts(observations)
  const series = drawnModels(observations).flatMap((m): Series[] => {
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
  const last = points[points.length - 1]
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
