import { type Command, Option } from 'commander'
import { hashInputs } from '../../audit/index.js'
import {
  benchmarkName,
  computeRuleOf,
  createRandom,
  DEFAULT_FORECAST_OPTIONS,
  DEFAULT_TOKENS_PER_SAMPLE,
  type EvaluationsEvidence,
  type ForecastOptions,
  type ForecastTarget,
  forecast,
  invertForecast,
  LARGEST_EXTRAPOLATION,
  planSampling,
} from '../../core/index.js'
import { expandEvaluationPaths, matching, readEvaluations } from '../../ingest/index.js'
import { parseCount, parseNumber, parsePairs, parseShare } from '../option-values.js'
import { collect, forTerminal, outcomeOf } from '../output.js'
import { addCommand, type Io } from '../run.js'
import { type ForecastExtras, forecastJson } from './forecast-json.js'
import {
  chanceLevels,
  type ForecastCliOptions,
  parseAggregate,
  parseNames,
  parseSamples,
  requireBenchmarks,
  requireColumns,
  requireFields,
  requirePositive,
  requireTarget,
  targetOf,
} from './forecast-options.js'
import { forScreen, resultOf } from './forecast-result.js'
import { withSubject } from './forecast-subject.js'

function forecastOptions(
  options: ForecastCliOptions,
  { undecayed }: EvaluationsEvidence,
  io: Io,
): ForecastOptions {
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
      undecayed: new Set(undecayed ?? []),
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

/**
 * Plans of repeated sampling. One of pass@k answers for pass@1 too, so that a report has one forecast of it: k = 1 joins
 * those asked for wherever the file has it.
 */
function samplingOf(
  evidence: EvaluationsEvidence,
  target: ForecastTarget,
  options: ForecastCliOptions,
): NonNullable<ForecastExtras['sampling']> {
  return planSampling(evidence.rows, evidence.problems ?? [], target, {
    ks: [...new Set([1, ...(options.k ?? [])])].sort((a, b) => a - b),
    tokensPerSample: options.sampleTokens,
    level: DEFAULT_FORECAST_OPTIONS.settings.level,
  })
}

/** Rows that no plan of repeated sampling speaks of. */
function withoutPlanned(
  rows: EvaluationsEvidence['rows'],
  sampling: ForecastExtras['sampling'],
): EvaluationsEvidence['rows'] {
  const planned = new Set((sampling?.plans ?? []).map((plan) => plan.benchmark))
  return rows.filter((row) => row.k === null || !planned.has(benchmarkName(row)))
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
        .option('--tokens <d>', 'its training tokens; FLOPs follow the table, else 6·N·D', parseNumber)
        .option(
          '--active-params <n>',
          'its active parameters, of a mixture of experts: FLOPs are 6 times them a token',
          parseNumber,
        )
        .option('--backtest', 'print the rolling back-test of every form')
        .option(
          '--target <accuracy>',
          'invert: the compute (or N and D) that reaches this accuracy',
          parseShare,
        )
        .option('--k <list>', 'plan repeated sampling: pass@k at these k (1,10,100)', parseSamples)
        .option(
          '--sample-tokens <n>',
          'tokens of one sampled answer, for inference FLOPs',
          parseCount,
          DEFAULT_TOKENS_PER_SAMPLE,
        )
        .option(
          '--price <money>',
          'price of 1e18 training FLOPs, to price the run that is advised',
          parseNumber,
        )
        .addOption(
          new Option('--checkpoints <which>', 'which checkpoints of a run to use')
            .choices(['auto', 'final', 'all', 'decayed'])
            .default('auto', 'all but those from before a decay of the learning rate that is recognised'),
        )
        .addOption(
          new Option(
            '--by <group>',
            'forecast each family: by itself, or drawn to the other families where that back-tests better',
          ).choices(['family']),
        )
        .option(
          '--model <name>',
          'forecast what this one model was not measured on, from relatives and others',
        )
        .option('--family <name>', 'its family, where the table does not tell')
        .option('--known <benchmark=score>', 'scores of it that are known (a=0.5,b=0.6)', parsePairs)
        .option(
          '--aggregate <name=a,b,c>',
          'forecast the mean of benchmarks as one; repeatable',
          parseAggregate,
        )
        .option(
          '--benchmarks <names>',
          'forecast these alone (a,b,c); also columns of a table that are benchmarks of your own',
          parseNames,
        )
        .option('--metric <name>', 'metric to use where a benchmark has several')
        .option('--chance <name=level>', 'chance levels that the files do not tell', parsePairs)
        .addOption(
          new Option('--normalise <how>', 'normalise accuracy by chance')
            .choices(['auto', 'on', 'off'])
            .default('auto'),
        )
        .option(
          '--columns <names>',
          'our field=your column (or column*1e9), for foreign tables; params=Model takes sizes from names',
          parsePairs,
        )
        .option(
          '--resamples <n>',
          'bootstrap resamples',
          parseCount,
          DEFAULT_FORECAST_OPTIONS.settings.resamples,
        )
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    run: async (named, given, io) => {
      requirePositive(given)
      requireTarget(given)
      requireFields(given.columns)
      const args = matching(named)
      const read = await readEvaluations(args, {
        columns: given.columns ?? {},
        benchmarks: [...(given.benchmarks ?? []), ...[...(given.aggregate?.values() ?? [])].flat()],
      })
      requireColumns(read, given.columns)
      requireBenchmarks(read, given)
      const { evidence, options, subject } = withSubject(read, given)
      const target = targetOf(options, computeRuleOf(evidence.rows))
      const random = createRandom(io.seed)
      const sampling =
        options.k === undefined || target === null ? null : samplingOf(evidence, target, options)
      const made = forecast(
        withoutPlanned(evidence.rows, sampling),
        target,
        { ...forecastOptions(options, evidence, io), ...(subject === null ? {} : { subject }) },
        random.derive('forecast'),
      )
      const inputs = hashInputs(expandEvaluationPaths(args))
      const extras: ForecastExtras = {
        backtest: options.backtest === true,
        inversions:
          options.target === undefined
            ? []
            : made.predictions.map((p) => invertForecast(p, options.target ?? 0)),
        sampling,
      }
      const result = resultOf(made, evidence, inputs, io.seed, options, extras)
      return outcomeOf(result, io, {
        exitCode: made.predictions.length === 0 && (extras.sampling?.plans.length ?? 0) === 0 ? 2 : 0,
        files: options.output,
        text: forTerminal(forScreen(result, extras), io),
        own: forecastJson(made, evidence, extras),
      })
    },
  })
}
