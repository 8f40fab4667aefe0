import { type Command, InvalidArgumentError, Option } from 'commander'
import { hashInputs, VERSION } from '../../audit/index.js'
import {
  createRandom,
  DEFAULT_FORECAST_OPTIONS,
  DEFAULT_TOKENS_PER_SAMPLE,
  type EvaluationsEvidence,
  type Forecast,
  type ForecastOptions,
  type ForecastTarget,
  findingToJson,
  forecast,
  invertForecast,
  LARGEST_EXTRAPOLATION,
  planSampling,
  type Random,
  type Result,
  type Section,
  trainingFlops,
} from '../../core/index.js'
import { expandEvaluationPaths, readEvaluations } from '../../ingest/index.js'
import {
  BACK_TEST_TITLE,
  backTestTable,
  INVERSION_TITLE,
  inversionTable,
  judgeForecast,
  samplingSection,
} from '../../probes/index.js'
import { raise } from '../errors.js'
import { collect, forTerminal, writeOutputs } from '../output.js'
import { addCommand, type Io, parseCount, parseNumber, parsePairs } from '../run.js'
import { type ForecastExtras, forecastJson } from './forecast-json.js'

const SCHEMA = 'assay/forecast@1'
const SCREEN_TABLES = new Set(['Forecasts', 'No forecast', INVERSION_TITLE])

interface ForecastCliOptions {
  readonly flops?: number
  readonly params?: number
  readonly tokens?: number
  readonly backtest?: boolean
  readonly target?: number
  readonly k?: number[]
  readonly sampleTokens: number
  readonly checkpoints: 'final' | 'all' | 'decayed'
  readonly by?: 'family'
  readonly aggregate?: Map<string, string[]>
  readonly benchmarks?: string[]
  readonly metric?: string
  readonly chance?: Record<string, string>
  readonly normalise: 'auto' | 'on' | 'off'
  readonly columns?: Readonly<Record<string, string>>
  readonly resamples: number
  readonly output?: readonly string[]
}

/** `--aggregate NAME=a,b,c`; repeatable. */
function parseAggregate(text: string, previous: Map<string, string[]> = new Map()): Map<string, string[]> {
  const at = text.indexOf('=')
  const parts = text
    .slice(at + 1)
    .split(',')
    .map((p) => p.trim())
    .filter((p) => p !== '')
  if (at < 1 || parts.length < 2)
    throw new InvalidArgumentError(`found "${text}", expected NAME=a,b,c with two benchmarks or more.`)
  return new Map([...previous, [text.slice(0, at).trim(), [...new Set(parts)]]])
}

function parseNames(text: string, previous: readonly string[] = []): string[] {
  return [
    ...previous,
    ...text
      .split(',')
      .map((n) => n.trim())
      .filter((n) => n !== ''),
  ]
}

function parseSamples(text: string): number[] {
  return text.split(',').map((part) => {
    const k = Number(part)
    if (!Number.isInteger(k) || k < 1)
      throw new InvalidArgumentError(`found "${part}", expected whole numbers of 1 or more: 1,10,100.`)
    return k
  })
}

/** Every option that takes a positive number. */
function requirePositive(options: ForecastCliOptions): void {
  for (const name of ['flops', 'params', 'tokens'] as const) {
    const value = options[name]
    if (value !== undefined && !(value > 0))
      throw raise('bad-option', `found ${value}, expected a number above 0`, { field: `--${name}` })
  }
  if (options.target !== undefined && !(options.target > 0 && options.target < 1))
    throw raise('bad-option', `found ${options.target}, expected an accuracy between 0 and 1`, {
      field: '--target',
    })
  if (options.resamples < 100)
    throw raise('bad-option', `found ${options.resamples}, expected 100 or more`, { field: '--resamples' })
}

function chanceLevels(given: Readonly<Record<string, string>> | undefined): Map<string, number> {
  return new Map(
    Object.entries(given ?? {}).map(([name, text]) => {
      const value = Number(text)
      if (!(value >= 0 && value < 1))
        throw raise('bad-option', `found ${name}=${text}, expected a share from 0 to 1`, {
          field: '--chance',
        })
      return [name, value]
    }),
  )
}

/** The run to forecast, or null when only a back-test or an inversion is asked for. */
function targetOf({ flops, params, tokens }: ForecastCliOptions): ForecastTarget | null {
  const compute =
    flops ?? (params !== undefined && tokens !== undefined ? trainingFlops(params, tokens) : undefined)
  if (compute === undefined) return null
  return {
    flops: compute,
    params: params ?? (tokens === undefined ? null : compute / (6 * tokens)),
    tokens: tokens ?? (params === undefined ? null : compute / (6 * params)),
  }
}

function forecastOptions(options: ForecastCliOptions, io: Io): ForecastOptions {
  const bar = io.progress('forecast')
  return {
    ...DEFAULT_FORECAST_OPTIONS,
    normalise: options.normalise,
    settings: {
      ...DEFAULT_FORECAST_OPTIONS.settings,
      resamples: options.resamples,
      // An inversion must be able to look as far as forecasts are made at all.
      curveReach: options.target === undefined ? 1 : LARGEST_EXTRAPOLATION,
    },
    usable: {
      ...DEFAULT_FORECAST_OPTIONS.usable,
      checkpoints: options.checkpoints,
      byFamily: options.by === 'family',
      aggregates: options.aggregate ?? new Map(),
      chance: chanceLevels(options.chance),
      only:
        options.benchmarks === undefined
          ? null
          : new Set([...options.benchmarks, ...(options.aggregate?.keys() ?? [])]),
      metric: options.metric ?? null,
    },
    onProgress: (done, total, name) => (done + 1 === total ? bar.end() : bar.update(done, total, name)),
  }
}

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
function forScreen(result: Result, extras: ForecastExtras): Result {
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

function samplingSections({ sampling }: ForecastExtras): Section[] {
  return sampling === null ? [] : [samplingSection(sampling.plans, sampling.abstentions)]
}

function samplingOf(
  evidence: EvaluationsEvidence,
  target: ForecastTarget,
  options: ForecastCliOptions,
  random: Random,
): ForecastExtras['sampling'] {
  const { resamples, level } = DEFAULT_FORECAST_OPTIONS.settings
  return planSampling(
    evidence.rows,
    evidence.problems ?? [],
    target,
    {
      ks: options.k ?? [1],
      tokensPerSample: options.sampleTokens,
      resamples: Math.min(resamples, options.resamples),
      level,
    },
    random,
  )
}

/** Benchmarks that are named on the command line must be in the files. */
function requireBenchmarks(evidence: EvaluationsEvidence, options: ForecastCliOptions): void {
  const known = new Set(
    evidence.rows.map((row) => (row.subset === null ? row.benchmark : `${row.benchmark}/${row.subset}`)),
  )
  const check = (field: string, names: Iterable<string>): void => {
    for (const name of names)
      if (!known.has(name))
        throw raise('bad-option', `found "${name}", expected one of ${[...known].slice(0, 60).join(', ')}`, {
          field,
        })
  }
  check('--benchmarks', options.benchmarks ?? [])
  for (const parts of options.aggregate?.values() ?? []) check('--aggregate', parts)
}

function resultOf(
  made: Forecast,
  evidence: EvaluationsEvidence,
  inputs: Result['inputs'],
  seed: number,
  options: ForecastCliOptions,
  extras: ForecastExtras,
): Result {
  const judged = judgeForecast(made)
  const sections = [
    ...judged.sections.map((section) => withTables(section, made, extras)),
    ...samplingSections(extras),
  ]
  return {
    schema: SCHEMA,
    title: 'Downstream forecast',
    summary: judged.sections[0].answer,
    seed,
    inputs,
    gates: [],
    ...judged,
    sections,
    provenance: [
      { label: 'version', value: VERSION },
      {
        label: 'measurements',
        value: `${evidence.rows.length} read, ${made.dropped.length + evidence.dropped.length} left out`,
      },
      { label: 'checkpoints', value: options.checkpoints },
      { label: 'bootstrap', value: `${options.resamples} resamples` },
    ],
    notMeasured: [...evidence.dropped, ...made.dropped]
      .slice(0, 50)
      .map((d) => ({ what: d.source, why: d.reason })),
  }
}

export function addForecast(program: Command): void {
  addCommand<ForecastCliOptions>(program, {
    name: 'forecast <evals...>',
    description: 'forecast the downstream accuracy of a larger run from the evaluations of smaller ones',
    example: 'assay forecast examples/forecast/evals.csv --params 7e9 --tokens 4e11',
    configure: (command) =>
      command
        .option('--flops <x>', 'training compute of the run to forecast', parseNumber)
        .option('--params <n>', 'its parameters', parseNumber)
        .option('--tokens <d>', 'its training tokens; FLOPs default to 6·N·D', parseNumber)
        .option('--backtest', 'print the rolling back-test of every form')
        .option(
          '--target <accuracy>',
          'invert: the compute (or N and D) that reaches this accuracy',
          parseNumber,
        )
        .option('--k <list>', 'plan repeated sampling: pass@k at these k (1,10,100)', parseSamples)
        .option(
          '--sample-tokens <n>',
          'tokens of one sampled answer, for inference FLOPs',
          parseCount,
          DEFAULT_TOKENS_PER_SAMPLE,
        )
        .addOption(
          new Option('--checkpoints <which>', 'which checkpoints of a run to use')
            .choices(['final', 'all', 'decayed'])
            .default('all'),
        )
        .addOption(new Option('--by <group>', 'forecast each family by itself').choices(['family']))
        .option(
          '--aggregate <name=a,b,c>',
          'forecast the mean of benchmarks as one; repeatable',
          parseAggregate,
        )
        .option('--benchmarks <names>', 'forecast these alone (a,b,c)', parseNames)
        .option('--metric <name>', 'metric to use where a benchmark has several')
        .option('--chance <name=level>', 'chance levels that the files do not tell', parsePairs)
        .addOption(
          new Option('--normalise <how>', 'normalise accuracy by chance')
            .choices(['auto', 'on', 'off'])
            .default('auto'),
        )
        .option('--columns <names>', 'our field=your column, for foreign tables', parsePairs)
        .option(
          '--resamples <n>',
          'bootstrap resamples',
          parseCount,
          DEFAULT_FORECAST_OPTIONS.settings.resamples,
        )
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    run: async (args, options, io) => {
      requirePositive(options)
      const target = targetOf(options)
      if (target === null && options.backtest !== true && options.target === undefined)
        throw raise(
          'bad-option',
          'nothing tells which run to forecast: give --flops, or --params and --tokens (or ask for --backtest or --target)',
        )
      if (options.k !== undefined && target === null)
        throw raise('bad-option', 'sampling is planned at a run: give --flops, or --params and --tokens', {
          field: '--k',
        })
      const evidence = readEvaluations(args, { columns: options.columns ?? {} })
      requireBenchmarks(evidence, options)
      const random = createRandom(io.seed)
      const made = forecast(evidence.rows, target, forecastOptions(options, io), random.derive('forecast'))
      const inputs = hashInputs(expandEvaluationPaths(args))
      const extras: ForecastExtras = {
        backtest: options.backtest === true,
        inversions:
          options.target === undefined
            ? []
            : made.predictions.map((p) => invertForecast(p, options.target ?? 0)),
        sampling:
          options.k === undefined || target === null
            ? null
            : samplingOf(evidence, target, options, random.derive('sampling')),
      }
      const result = resultOf(made, evidence, inputs, io.seed, options, extras)
      await writeOutputs(result, options.output ?? [])
      return {
        json: {
          schema: SCHEMA,
          seed: io.seed,
          inputs,
          findings: result.findings.map(findingToJson),
          ...forecastJson(made, evidence, extras),
        },
        text: forTerminal(forScreen(result, extras), io),
        exitCode: made.predictions.length === 0 && (extras.sampling?.plans.length ?? 0) === 0 ? 2 : 0,
      }
    },
  })
}
