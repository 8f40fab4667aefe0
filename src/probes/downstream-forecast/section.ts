import {
  ACROSS_FAMILIES,
  CANDIDATES,
  type Cell,
  counted,
  type Forecast,
  type ForecastPrediction,
  LARGEST_EXTRAPOLATION,
  NEAR_CHANCE_MARGIN,
  nextRun,
  type Section,
  surpassedBy,
  type TableView,
} from '../../core/index.js'
import { accuracyChart, errorChart, overview, powerLawChart } from './charts.js'
import { percent, quantity, titleOf } from './words.js'

/** Benchmarks that get charts of their own; the others are in the tables. */
const CHARTED = 6

function round(value: number | null, digits = 4): Cell {
  return value === null ? null : Number(value.toFixed(digits))
}

function predictionTable(predictions: readonly ForecastPrediction[]): TableView {
  return {
    title: 'Forecasts',
    columns: [
      'benchmark',
      'accuracy',
      'copied',
      'form',
      'points',
      'back-test',
      'baseline',
      'reach',
      'metric',
      'reservations',
    ],
    rows: predictions.map((p) => [
      titleOf(p.benchmark),
      p.accuracy,
      round(p.baseline),
      p.form,
      p.benchmark.usable.length,
      round(p.backTest.mae),
      round(p.backTest.baselineMae),
      `${p.extrapolation.toFixed(1)}×`,
      p.benchmark.metric,
      [...p.warnings, ...withinNoise(p)].join('; '),
    ]),
  }
}

/** What measured runs make of a forecast below them, where their items' noise tells why: no reason to doubt it. */
function withinNoise({ benchmark, target, accuracy }: ForecastPrediction): string[] {
  if (accuracy.kind !== 'estimate') return []
  const surpassed = surpassedBy(benchmark.usable, target, accuracy.value)
  return surpassed?.isNoise === true ? [surpassed.text] : []
}

/** Every form on every benchmark: share in the average, forecast, error in the rolling back-test, reservations. */
function formTable(predictions: readonly ForecastPrediction[]): TableView {
  return {
    title: 'Forms',
    columns: ['benchmark', 'form', 'share', 'forecast', 'back-test error', 'reservations'],
    rows: predictions.flatMap((p) =>
      p.forms
        .filter((f) => f.refusal === null)
        .map((f): Cell[] => [
          titleOf(p.benchmark),
          f.form,
          f.weight === 0 ? 'shown only' : `${Math.round(100 * f.weight)} %`,
          round(f.accuracy),
          round(f.backTestError),
          f.warnings.map((w) => w.text).join('; '),
        ]),
    ),
  }
}

function nextRunTable({ predictions, assumedTarget }: Forecast): TableView[] {
  const next = assumedTarget ? null : nextRun(predictions)
  if (next === null) return []
  const size =
    next.params === null ? '' : `, ${quantity(next.params)} parameters, ${quantity(next.tokens ?? 0)} tokens`
  return [
    {
      title: `What a run of ${quantity(next.flops)} FLOPs${size} would narrow`,
      columns: ['benchmark', 'interval now', 'interval after'],
      rows: next.narrowed.map(({ prediction, run }): Cell[] => [
        titleOf(prediction.benchmark),
        round(run.widthNow, 3),
        round(run.widthAfter, 3),
      ]),
    },
  ]
}

function abstentionTable({ abstentions }: Forecast): TableView[] {
  if (abstentions.length === 0) return []
  return [
    {
      title: 'No forecast',
      columns: ['benchmark', 'why'],
      rows: abstentions.map((a) => [titleOf(a.benchmark), a.reason]),
    },
  ]
}

/** Who is refused, each benchmark counted once whatever the number of families. */
function refusedOf(abstentions: Forecast['abstentions']): string {
  if (abstentions.length === 1) return `${titleOf(abstentions[0].benchmark)} is`
  const names = new Set(abstentions.map((a) => a.benchmark.name)).size
  const families = new Set(abstentions.map((a) => a.benchmark.family)).size
  const all = names === 1 ? abstentions[0].benchmark.name : `all ${names} benchmarks`
  if (families > 1) return `${all} of all ${families} families ${names === 1 ? 'is' : 'are'}`
  return `${all} are`
}

function answerOf({ predictions, abstentions, dropped, target }: Forecast): string {
  const at = `${quantity(target.flops)} FLOPs`
  if (predictions.length + abstentions.length === 0)
    return `Nothing can be forecast: no row has an accuracy and a training compute${dropped.length > 0 ? ` (${dropped.length} were left out)` : ''}.`
  if (predictions.length === 0)
    return `Nothing can be forecast at ${at}: ${refusedOf(abstentions)} refused, for the reason in the table.`
  const [first] = predictions
  const said =
    predictions.length > 1
      ? `${predictions.length} benchmarks are forecast at ${at}`
      : `${titleOf(first.benchmark)} is forecast at ${at}`
  if (first.accuracy.kind === 'notEstimable') return `${said}.`
  const { low, high, level } = first.accuracy.interval
  const example = `${predictions.length > 1 ? `${titleOf(first.benchmark)}: ` : ''}${percent(first.accuracy.value)}, ${Math.round(100 * level)} % interval ${percent(low)} to ${percent(high)}`
  const refused = abstentions.length === 0 ? '' : `; ${abstentions.length} refused`
  return `${said}: ${example}${refused}.`
}

function inShortOf({ predictions, abstentions }: Forecast): string {
  const [first] = predictions
  if (predictions.length === 1 && first.accuracy.kind === 'estimate') return percent(first.accuracy.value)
  const refused = abstentions.length === 0 ? '' : `, ${abstentions.length} refused`
  return `${predictions.length} forecast${refused}`
}

/** The section of the report that answers "what will it be worth downstream?". */
export function forecastSection(forecast: Forecast): Section {
  const { predictions, prepared } = forecast
  const preparedOf = (p: ForecastPrediction) => prepared.find((q) => q.benchmark === p.benchmark)
  const charted = predictions.slice(0, CHARTED)
  return {
    id: 'downstream-forecast',
    order: 50,
    question: 'What will the larger run score?',
    answer: answerOf(forecast),
    inShort: inShortOf(forecast),
    charts: [
      ...(predictions.length > 1 ? [overview(predictions)] : []),
      ...charted.flatMap((p) => [accuracyChart(p, preparedOf(p)), powerLawChart(p, preparedOf(p))]),
      ...errorChart(prepared),
    ],
    tables: [
      ...(predictions.length > 0 ? [predictionTable(predictions), formTable(predictions)] : []),
      ...nextRunTable(forecast),
      ...abstentionTable(forecast),
    ],
    protocol: protocolOf(forecast, charted.length),
  }
}

function protocolOf({ predictions, dropped }: Forecast, charted: number): string[] {
  const out = [
    `Fitted on runs more than ${Math.round(100 * NEAR_CHANCE_MARGIN)} points above chance; abstains beyond ${LARGEST_EXTRAPOLATION.toLocaleString('en')}× the compute of the largest fitted run, below five points or three runs, and where nothing beats copying the largest run.`,
    `The forecast is the mean of ln(−ln Q′) over ${CANDIDATES.filter((c) => c.average)
      .map((c) => c.id)
      .join(
        ', ',
      )}, weighted by one over the squared error of a rolling back-test on the largest fitted runs, pooled over the benchmarks. Other forms are fitted for comparison.`,
    'Intervals: bootstrap over runs and items, disagreement of the forms, the reach beyond the fitted runs, a floor for recipe and seed, noise of the items; widened so that they hold on the rolling back-test.',
  ]
  if (predictions.some((p) => p.form === ACROSS_FAMILIES))
    out.push(
      `${ACROSS_FAMILIES}: families of models are forecast together, each with a level and slope of its own that are drawn to those of the others as far as the data say; intervals hold on families that were left out.`,
    )
  const [first] = predictions.filter((p) => p.form !== ACROSS_FAMILIES)
  if (first !== undefined) {
    out.push(
      `Accuracies ${first.chanceNormalised ? 'are normalised by chance' : 'enter raw'}; spread widened ${first.widening.toFixed(2)}×.`,
    )
  }
  if (charted < predictions.length)
    out.push(`Charts are drawn for ${charted} of ${predictions.length} benchmarks.`)
  if (dropped.length > 0)
    out.push(
      `${counted(dropped.length, 'row was', 'rows were')} left out, first: ${dropped
        .slice(0, 3)
        .map((d) => `${d.source}: ${d.reason}`)
        .join('; ')}`,
    )
  return out
}
