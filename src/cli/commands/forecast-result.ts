import { VERSION } from '../../audit/index.js'
import {
  conclude,
  type EvaluationsEvidence,
  type Forecast,
  type Result,
  type Section,
} from '../../core/index.js'
import {
  BACK_TEST_TITLE,
  backTestTable,
  downstreamForecast,
  INVERSION_TITLE,
  inversionTable,
  judgeForecast,
  samplingFindings,
  samplingSection,
  tableFindings,
} from '../../probes/index.js'
import { type ForecastExtras, leftOut } from './forecast-json.js'
import type { ForecastCliOptions } from './forecast-options.js'

export const SCHEMA = 'assay/forecast@1'
const SCREEN_TABLES = new Set(['Forecasts', 'No forecast', INVERSION_TITLE])

/** The section of the forecast with what `--backtest` and `--target` ask for. */
function withTables(section: Section, made: Forecast, extras: ForecastExtras): Section {
  const tables = [
    ...(extras.inversions.length === 0 ? [] : [inversionTable(extras.inversions)]),
    ...section.tables,
    ...(extras.backtest ? [backTestTable(made.prepared)] : []),
  ]
  return { ...section, tables }
}

/**
 * The same result for a terminal, where a table stands only in a section without charts: the first chart, the
 * forecasts and what was asked for as tables; curves and forms are left to the files of -o and to --json.
 */
export function forScreen(result: Result, extras: ForecastExtras): Result {
  const sections = result.sections.flatMap((section) => {
    if (section.id !== 'downstream-forecast') return [section]
    const wanted = section.tables.filter(
      ({ title }) => SCREEN_TABLES.has(title) || (extras.backtest && title === BACK_TEST_TITLE),
    )
    const tables = wanted.map(
      (table, i): Section => ({
        ...section,
        id: `${section.id}-${i}`,
        order: section.order + 0.01 * (i + 1),
        question: table.title,
        answer: '',
        charts: [],
        tables: [table],
      }),
    )
    return [{ ...section, charts: section.charts.slice(0, 1), tables: [] }, ...tables]
  })
  return { ...result, sections }
}

/** Everything that the report room draws of a forecast. */
export function resultOf(
  made: Forecast,
  evidence: EvaluationsEvidence,
  inputs: Result['inputs'],
  seed: number,
  options: ForecastCliOptions,
  extras: ForecastExtras,
): Result {
  const judged = conclude(downstreamForecast, judgeForecast(made, options.price ?? null))
  const { sampling } = extras
  const left = leftOut(made, evidence, sampling)
  // Where plans of repeated sampling answer for every benchmark, the accuracy part has nothing to say.
  const isPlanned = made.predictions.length + made.abstentions.length === 0 && sampling !== null
  const sections = [
    ...(isPlanned ? [] : judged.sections.map((section) => withTables(section, made, extras))),
    ...(sampling === null ? [] : [samplingSection(sampling)]),
  ]
  return {
    schema: SCHEMA,
    title: 'Downstream forecast',
    summary: sections[0].answer,
    seed,
    inputs,
    gates: [],
    ...judged,
    findings: [
      ...judged.findings,
      ...(sampling === null ? [] : samplingFindings(sampling)),
      ...tableFindings(evidence.notes),
    ],
    sections,
    provenance: [
      { label: 'version', value: VERSION },
      {
        label: 'measurements',
        value: `${evidence.rows.length} read, ${left.length} left out`,
      },
      { label: 'checkpoints', value: options.checkpoints },
      { label: 'bootstrap', value: `${options.resamples} resamples` },
    ],
    notMeasured: left.slice(0, 50).map((d) => ({ what: d.source, why: d.reason })),
  }
}
