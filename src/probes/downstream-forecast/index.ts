import {
  computeRuleOf,
  counted,
  DEFAULT_FORECAST_OPTIONS,
  defineProbe,
  type Finding,
  type Forecast,
  type ForecastPrediction,
  forecast,
  type Judgement,
  type Measurement,
  nextRun,
  WARNED_EXTRAPOLATION,
} from '../../core/index.js'
import { contradictionFinding } from './contradictions.js'
import { METRICS } from './metrics.js'
import { forecastSection } from './section.js'

export { samplingFindings, samplingSection } from './sampling-section.js'
export { BACK_TEST_TITLE, backTestTable, INVERSION_TITLE, inversionTable } from './tables.js'

import { percent, quantity, reachOf, titleOf } from './words.js'

const PROBE = 'downstream-forecast'
const SOURCES = [
  'docs/methods/scaling.md#average-of-laws',
  'docs/methods/scaling.md#forecast-intervals',
  'arXiv:2512.08894',
] as const

function predictionFinding(p: ForecastPrediction): Finding {
  const far = p.extrapolation > WARNED_EXTRAPOLATION
  const warned = far || p.warnings.length > 0
  const name = titleOf(p.benchmark)
  const said = p.accuracy.kind === 'estimate' ? percent(p.accuracy.value) : 'not estimable'
  return {
    probe: PROBE,
    code: far ? `${PROBE}/far` : `${PROBE}/forecast`,
    status: warned ? 'warn' : 'pass',
    title: `${name}: ${said} expected ${reachOf(p.extrapolation)}${warned ? '; take it as a rough guide' : ''}`,
    estimate: p.accuracy,
    ...(warned
      ? {
          action: far
            ? 'Before deciding on this figure, train and evaluate a run nearer to the target, then forecast again.'
            : 'Look at its reservations before deciding on this figure; more runs answer most of them.',
        }
      : {}),
    ...(p.warnings.length > 0 ? { detail: `Reservations: ${p.warnings.join('; ')}.` } : {}),
    sources: SOURCES,
  }
}

/** What a run costs that is worth making before the target, once for all the forecasts that it narrows. */
function nextRunFinding({ predictions, assumedTarget }: Forecast, price: number | null): Finding[] {
  const next = assumedTarget ? null : nextRun(predictions)
  if (next === null) return []
  const [{ prediction, run }] = next.narrowed
  const size =
    next.params === null ? '' : ` (${quantity(next.params)} parameters, ${quantity(next.tokens ?? 0)} tokens)`
  const others = next.narrowed.length - 1
  const cost =
    price === null
      ? ''
      : `, about ${Math.round((next.flops / PRICED_FLOPS) * price).toLocaleString('en')} at the price given`
  return [
    {
      probe: PROBE,
      code: `${PROBE}/next-run`,
      status: 'pass',
      title: `A run of ${quantity(next.flops)} FLOPs${size} would narrow the interval of ${titleOf(prediction.benchmark)} from ${percent(run.widthNow)} to about ${percent(run.widthAfter)}${others > 0 ? `, and ${others} ${others === 1 ? 'other' : 'others'} by a tenth or more` : ''}`,
      action: `Train it first: ${percent(next.share)} of the target’s compute${cost}.`,
      sources: SOURCES,
    },
  ]
}

/** Families that were forecast as if they were one. */
function pooledFinding({ pooledFamilies }: Forecast): Finding[] {
  if (pooledFamilies < 2) return []
  return [
    {
      probe: PROBE,
      code: `${PROBE}/families-pooled`,
      status: 'pass',
      title: `${pooledFamilies} families of models are forecast as if they followed one law`,
      action: 'Forecast each by itself with --by family, where they were trained by different recipes.',
      sources: ['docs/methods/scaling.md#across-families'],
    },
  ]
}

const TOLD_BY = {
  schedule: 'the table says so',
  loss: 'their loss falls at the end, off its own trend',
  accuracy: 'their accuracy rises at the end, off its own trend',
} as const

/** Checkpoints from before the decay of the learning rate, and whether they count. */
function undecayedFinding({ undecayed }: Forecast): Finding[] {
  if (undecayed === null) return []
  const { toldBy, runs, leftOut, kept } = undecayed
  const of = `of ${counted(runs, 'run')} before the decay of the learning rate (${TOLD_BY[toldBy]})`
  const isKept = kept.length > 0
  return [
    {
      probe: PROBE,
      code: `${PROBE}/undecayed`,
      status: isKept ? 'warn' : 'pass',
      title: isKept
        ? `Checkpoints ${of} count for ${kept.length === 1 ? kept[0] : `${kept.length} benchmarks`}, where finished runs alone are too few: expect more than is forecast`
        : `${counted(leftOut, 'measurement')} of checkpoints ${of} ${leftOut === 1 ? 'is' : 'are'} left out`,
      action: isKept
        ? 'Decay more of these checkpoints, or finish more runs, and evaluate those.'
        : 'They score below a finished run of as many tokens; --checkpoints all lets them count.',
      sources: ['docs/methods/scaling.md#usable-points'],
    },
  ]
}

/** What a table was taken for where it could be taken otherwise. */
export function tableFindings(notes: readonly string[] = []): Finding[] {
  return notes.map((title) => ({
    probe: PROBE,
    code: `${PROBE}/table`,
    status: 'pass',
    title,
    sources: ['docs/methods/scaling.md#usable-points'],
  }))
}

/** The benchmark that is most worth running next, of a model of which some scores are known. */
function worthFinding({ worthMeasuring: [first], predictions }: Forecast): Finding[] {
  if (first === undefined || predictions.length < 2) return []
  return [
    {
      probe: PROBE,
      code: `${PROBE}/worth-measuring`,
      status: 'pass',
      title: `${first.benchmark} would tell the most of the ${predictions.length} benchmarks that were not run`,
      action: `Run it next: it also takes ${percent(first.ofOthers)} of the uncertainty of the others away.`,
      sources: ['docs/methods/scaling.md#across-families'],
    },
  ]
}

/** A price is that of so many training FLOPs. */
const PRICED_FLOPS = 1e18

/** Why nothing is forecast, once; beside forecasts refusals stand in their table alone. */
function abstentionFinding({ predictions, abstentions }: Forecast): Finding[] {
  const [first] = abstentions
  if (first === undefined || predictions.length > 0) return []
  const said = `${titleOf(first.benchmark)}: no forecast, ${first.reason}`
  const others = abstentions.length - 1
  return [
    {
      probe: PROBE,
      code: `${PROBE}/abstained`,
      status: 'insufficient',
      title: others === 0 ? said : `${said}; ${others} more in the table “No forecast”`,
      action:
        'Add runs (larger ones, and at least five above chance), or give the compute of the runs that were left out.',
      sources: SOURCES,
    },
  ]
}

/**
 * Findings, gateable metrics and the report's section of a forecast.
 *
 * @param price of 1e18 training FLOPs, in the reader's money; null = unknown
 */
export function judgeForecast(result: Forecast, price: number | null = null): Judgement {
  const metrics: Measurement[] = result.predictions.map(({ benchmark, accuracy }) => ({
    metric: `${PROBE}.accuracy.*`,
    part: benchmark.family === null ? benchmark.name : `${benchmark.family}.${benchmark.name}`,
    partTitle: titleOf(benchmark),
    estimate: accuracy,
  }))
  return {
    findings: [
      ...result.predictions.map(predictionFinding),
      ...pooledFinding(result),
      ...undecayedFinding(result),
      ...contradictionFinding(result.contradictions),
      ...worthFinding(result),
      ...nextRunFinding(result, price),
      ...abstentionFinding(result),
    ],
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
    const { factor, others } = computeRuleOf(evaluations.rows)
    if (others.length > 0) {
      const finding: Finding = {
        probe: PROBE,
        code: `${PROBE}/mixed-compute`,
        status: 'insufficient',
        title: `Training compute is counted by two rules: ${factor.toPrecision(2)}·N·D for the largest run, ${others[0].factor.toPrecision(2)}·N·D for ${others[0].model} (${others[0].source})`,
        action:
          'Count all runs alike: active parameters of mixtures of experts as their size, or FLOPs of one rule.',
        sources: ['docs/methods/scaling.md#training-compute'],
      }
      return { findings: [finding], metrics: [], sections: [] }
    }
    const usable = { ...DEFAULT_FORECAST_OPTIONS.usable, undecayed: new Set(evaluations.undecayed ?? []) }
    const options = { ...DEFAULT_FORECAST_OPTIONS, usable }
    const { findings, ...judged } = judgeForecast(
      forecast(evaluations.rows, evaluations.target, options, random),
    )
    return { ...judged, findings: [...findings, ...tableFindings(evaluations.notes)] }
  },
})
