import {
  DEFAULT_FORECAST_OPTIONS,
  defineProbe,
  type Finding,
  type Forecast,
  type ForecastAbstention,
  type ForecastPrediction,
  forecast,
  type Judgement,
  type Measurement,
  WARNED_EXTRAPOLATION,
} from '../../core/index.js'
import { METRICS } from './metrics.js'
import { forecastSection } from './section.js'

export { samplingFindings, samplingSection } from './sampling-section.js'
export { BACK_TEST_TITLE, backTestTable, INVERSION_TITLE, inversionTable } from './tables.js'

import { percent, titleOf } from './words.js'

const PROBE = 'downstream-forecast'
const SOURCES = [
  'docs/methods/scaling.md#average-of-laws',
  'docs/methods/scaling.md#forecast-intervals',
  'arXiv:2512.08894',
] as const

function predictionFinding(p: ForecastPrediction): Finding {
  const far = p.extrapolation > WARNED_EXTRAPOLATION
  const name = titleOf(p.benchmark)
  const said = p.accuracy.kind === 'estimate' ? percent(p.accuracy.value) : 'not estimable'
  const [next] = p.sharpening
  const sharpen =
    next === undefined || !(next.widthAfter < 0.95 * next.widthNow)
      ? undefined
      : `Train a run of ${next.flops.toExponential(1)} FLOPs next${next.params === null ? '' : ` (${next.params.toExponential(1)} parameters, ${next.tokens?.toExponential(1)} tokens)`}: the interval of ${name} narrows from ${percent(next.widthNow)} to about ${percent(next.widthAfter)}.`
  return {
    probe: PROBE,
    code: far ? `${PROBE}/far` : `${PROBE}/forecast`,
    status: far || p.warnings.length > 0 ? 'warn' : 'pass',
    title: `${name}: ${said} expected, ${p.extrapolation.toFixed(p.extrapolation < 10 ? 1 : 0)}× beyond the largest fitted run${p.warnings.length > 0 ? ', with reservations (column “to mind” of the forecasts)' : ''}`,
    estimate: p.accuracy,
    ...(sharpen === undefined ? {} : { action: sharpen }),
    sources: SOURCES,
  }
}

function abstentionFinding(a: ForecastAbstention): Finding {
  return {
    probe: PROBE,
    code: `${PROBE}/abstained`,
    status: 'insufficient',
    title: `${titleOf(a.benchmark)}: no forecast, ${a.reason}`,
    action:
      'Add runs (larger ones, and at least five above chance), or give the compute of the runs that were left out.',
    sources: SOURCES,
  }
}

/** Findings, gateable metrics and the report's section of a forecast. */
export function judgeForecast(result: Forecast): Judgement {
  const metrics: Measurement[] = result.predictions.map(({ benchmark, accuracy }) => ({
    metric: `${PROBE}.accuracy.*`,
    part: benchmark.family === null ? benchmark.name : `${benchmark.family}.${benchmark.name}`,
    partTitle: titleOf(benchmark),
    estimate: accuracy,
  }))
  return {
    findings: [...result.predictions.map(predictionFinding), ...result.abstentions.map(abstentionFinding)],
    metrics,
    sections: [forecastSection(result)],
  }
}

/** What will a larger run of this recipe score? Gates are decided on the forecast interval's bound. */
export const downstreamForecast = defineProbe({
  id: PROBE,
  title: 'Downstream accuracy was forecast',
  failureTitle: 'Downstream accuracy cannot be forecast',
  needs: ['evaluations'],
  sources: SOURCES,
  metrics: METRICS,
  judge: ({ evaluations }, { random }) => {
    if (evaluations.target === undefined) {
      const finding: Finding = {
        probe: PROBE,
        code: `${PROBE}/no-target`,
        status: 'insufficient',
        title: 'Evaluations were given without a run to forecast',
        action: 'Name it in the config: evaluations.flops, or evaluations.params and evaluations.tokens.',
        sources: SOURCES,
      }
      return { findings: [finding], metrics: [], sections: [] }
    }
    return judgeForecast(forecast(evaluations.rows, evaluations.target, DEFAULT_FORECAST_OPTIONS, random))
  },
})
