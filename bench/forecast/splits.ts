import { join } from 'node:path'
import {
  createRandom,
  DEFAULT_FORECAST_OPTIONS,
  type EvaluationRow,
  type Forecast,
  type ForecastOptions,
  type ForecastTarget,
  forecaster,
} from '../../src/core/index.js'
import { readEvaluations } from '../../src/ingest/index.js'

/** Published measurements; test/papers/data/NOTICE.md tells where each is from. */
const TABLES = join(import.meta.dirname, '../../test/papers/data')

/** One back-test split: what is fitted, and the runs that are judged without ever being seen. */
export interface Split {
  readonly set: 'olmo-ladder' | 'pythia' | 'over-training'
  readonly label: string
  readonly fitted: readonly EvaluationRow[]
  readonly target: ForecastTarget
  /** Benchmark → what the larger run scored. */
  readonly truth: ReadonlyMap<string, number>
  readonly options: ForecastOptions
}

const LIMIT = 2e9
const PYTHIA_TASKS = ['arc_easy', 'arc_challenge', 'lambada_openai', 'piqa', 'sciq', 'winogrande']
export const MEAN_OF_17 =
  'bigbench_operators,pubmed_qa_labeled,hellaswag_zeroshot,boolq,arc_easy,coqa,bigbench_dyck_languages,lambada_openai,bigbench_novel_concepts,winograd,bigbench_cs_algorithms,commonsense_qa,bigbench_qa_wikidata,hellaswag,copa,squad,piqa'.split(
    ',',
  )
export const TWELVE =
  'hellaswag,arc_easy,lambada_openai,piqa,coqa,squad,boolq,copa,winograd,bigbench_qa_wikidata,arc_challenge,jeopardy'.split(
    ',',
  )

async function read(set: string): Promise<readonly EvaluationRow[]> {
  return (await readEvaluations([join(TABLES, `${set}.csv.gz`)])).rows
}

function small(row: EvaluationRow): boolean {
  return row.params !== null && row.params < LIMIT
}

function targetOf(rows: readonly EvaluationRow[]): ForecastTarget {
  const { params, tokens, flops } = rows[0]
  if (flops === null) throw new Error(`${rows[0].model} records no FLOPs`)
  return { params, tokens, flops }
}

function truthOf(rows: readonly EvaluationRow[]): Map<string, number> {
  return new Map(rows.map((row) => [row.benchmark, row.value]))
}

function modelsOf(rows: readonly EvaluationRow[]): string[] {
  return [...new Set(rows.map((row) => row.model))].sort()
}

async function olmoSplits(): Promise<Split[]> {
  const rows = (await read('olmo-ladder')).filter((row) => row.benchmark !== 'winogrande')
  const fitted = rows.filter(small)
  return modelsOf(rows.filter((row) => !small(row))).map((model): Split => {
    const own = rows.filter((row) => row.model === model)
    return {
      set: 'olmo-ladder',
      label: model,
      fitted,
      target: targetOf(own),
      truth: truthOf(own),
      options: DEFAULT_FORECAST_OPTIONS,
    }
  })
}

function pythiaStep(row: EvaluationRow): number {
  return row.checkpoint === 'final' ? 143_000 : Number(row.checkpoint?.replace('step', ''))
}

async function pythiaSplits(): Promise<Split[]> {
  const rows = (await read('pythia')).filter((row) => PYTHIA_TASKS.includes(row.benchmark))
  const fitted = rows.filter((row) => small(row) && (row.params ?? 0) > 5e7 && pythiaStep(row) >= 13_000)
  const finals = rows.filter((row) => row.checkpoint === 'final' && /pythia-(?:6\.9b|12b)/.test(row.model))
  return modelsOf(finals).map((model): Split => {
    const own = finals.filter((row) => row.model === model)
    return {
      set: 'pythia',
      label: model,
      fitted,
      target: targetOf(own),
      truth: truthOf(own),
      options: DEFAULT_FORECAST_OPTIONS,
    }
  })
}

async function overTrainingSplits(): Promise<Split[]> {
  const rows = await read('overtraining-104')
  const options: ForecastOptions = {
    ...DEFAULT_FORECAST_OPTIONS,
    usable: { ...DEFAULT_FORECAST_OPTIONS.usable, aggregates: new Map([['mean of 17', MEAN_OF_17]]) },
  }
  const corpora = [...new Set(rows.map((row) => row.family))]
  return corpora.map((corpus): Split => {
    const own = rows.filter((row) => row.family === corpus)
    const large = own.filter((row) => !small(row))
    const truth = truthOf(large)
    truth.set(
      'mean of 17',
      MEAN_OF_17.reduce((sum, b) => sum + (truth.get(b) ?? Number.NaN), 0) / MEAN_OF_17.length,
    )
    return {
      set: 'over-training',
      label: corpus ?? '',
      fitted: own.filter(small),
      target: targetOf(large),
      truth,
      options,
    }
  })
}

export async function allSplits(): Promise<Split[]> {
  return [...(await olmoSplits()), ...(await pythiaSplits()), ...(await overTrainingSplits())]
}

/** One forecast beside what was measured later. */
export interface Judged {
  readonly split: Split
  readonly benchmark: string
  readonly truth: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly baseline: number
  /** Every form's own forecast. */
  readonly forms: ReadonlyMap<string, number>
}

export interface JudgedSplit {
  readonly split: Split
  readonly made: Forecast
  readonly judged: readonly Judged[]
}

/** Forecast splits with the defaults and set each forecast beside the truth; splits of one table share its back-tests. */
export function* judgeSplits(
  splits: readonly Split[],
  resamples: number,
  seed = 20260101,
): Generator<JudgedSplit> {
  const tables = new Map<Split['fitted'], ReturnType<typeof forecaster>>()
  for (const split of splits) {
    const options = { ...split.options, settings: { ...split.options.settings, resamples } }
    const ask =
      tables.get(split.fitted) ?? forecaster(split.fitted, options, createRandom(seed).derive('forecast'))
    tables.set(split.fitted, ask)
    yield judgeSplit(split, ask(split.target))
  }
}

function judgeSplit(split: Split, made: Forecast): JudgedSplit {
  const judged = made.predictions.flatMap((p): Judged[] => {
    const truth = split.truth.get(p.benchmark.name)
    if (truth === undefined || p.accuracy.kind === 'notEstimable') return []
    const { value, interval } = p.accuracy
    const forms = p.forms.flatMap((f): [string, number][] =>
      f.accuracy === null ? [] : [[f.form, f.accuracy]],
    )
    return [
      {
        split,
        benchmark: p.benchmark.name,
        truth,
        value,
        low: interval.low,
        high: interval.high,
        baseline: p.baseline,
        forms: new Map(forms),
      },
    ]
  })
  return { split, made, judged }
}

export function meanOf(values: readonly number[]): number {
  if (values.length === 0) throw new Error('mean of nothing')
  return values.reduce((a, b) => a + b, 0) / values.length
}
