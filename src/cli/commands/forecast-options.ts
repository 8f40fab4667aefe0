import { InvalidArgumentError } from 'commander'
import { nearest } from '../../audit/index.js'
import {
  benchmarkName,
  type ComputeRule,
  counted,
  DENSE_FACTOR,
  type EvaluationsEvidence,
  type ForecastTarget,
  followsRule,
} from '../../core/index.js'
import { EVALUATION_FIELDS, multiplied, share } from '../../ingest/index.js'
import { raise } from '../errors.js'
import { parsePositive } from '../option-values.js'
import { requireResamples } from '../resamples.js'

/** The command's own options, as commander hands them over. */
export interface ForecastCliOptions {
  readonly flops?: number
  readonly params?: number
  readonly tokens?: number
  readonly activeParams?: number
  readonly backtest?: boolean
  readonly target?: number
  readonly k?: number[]
  readonly sampleTokens: number
  readonly price?: number
  readonly checkpoints: 'auto' | 'final' | 'all' | 'decayed'
  readonly by?: 'family'
  readonly model?: string
  readonly family?: string
  readonly known?: Readonly<Record<string, string>>
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
export function parseAggregate(
  text: string,
  previous: Map<string, string[]> = new Map(),
): Map<string, string[]> {
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

/** `a,b,c`; repeatable. */
export function parseNames(text: string, previous: readonly string[] = []): string[] {
  return [
    ...previous,
    ...text
      .split(',')
      .map((n) => n.trim())
      .filter((n) => n !== ''),
  ]
}

/** `1,10,100` */
export function parseSamples(text: string): number[] {
  return text.split(',').map((part) => parsePositive(part))
}

/** Every option that takes a positive number. */
export function requirePositive(options: ForecastCliOptions): void {
  for (const name of ['flops', 'params', 'tokens', 'activeParams', 'price'] as const) {
    const value = options[name]
    if (value !== undefined && !(value > 0))
      throw raise('bad-option', `found ${value}, expected a number above 0`, {
        field: name === 'activeParams' ? '--active-params' : `--${name}`,
      })
  }
  requireResamples(options.resamples)
  requireCompute(options)
}

/** N and D may each be a number and their product none. */
function requireCompute({ flops, params, activeParams = params, tokens }: ForecastCliOptions): void {
  if (flops !== undefined || activeParams === undefined || tokens === undefined) return
  const compute = 6 * activeParams * tokens
  if (!(compute > 0 && Number.isFinite(compute)))
    throw raise(
      'bad-option',
      `6 times ${activeParams} times ${tokens} FLOPs are beyond what can be counted`,
      {
        field: '--tokens',
      },
    )
}

/** Something must tell which run to forecast, before the files are read. */
export function requireTarget(options: ForecastCliOptions): void {
  const { flops, params, tokens, activeParams } = options
  if (flops !== undefined || (tokens !== undefined && (params ?? activeParams) !== undefined)) return
  // What the table knows of a named model may tell (forecast-subject.ts).
  if (options.model !== undefined) return
  if (options.backtest !== true && options.target === undefined)
    throw raise(
      'bad-option',
      'nothing tells which run to forecast: give --flops, or --params and --tokens (or ask for --backtest or --target)',
    )
  if (options.k !== undefined)
    throw raise('bad-option', 'sampling is planned at a run: give --flops, or --params and --tokens', {
      field: '--k',
    })
}

/** `--chance NAME=LEVEL` as numbers. */
export function chanceLevels(given: Readonly<Record<string, string>> | undefined): Map<string, number> {
  return new Map(
    Object.entries(given ?? {}).map(([name, text]) => {
      const value = share(text)
      if (!(value >= 0 && value < 1))
        throw raise('bad-option', `found ${name}=${text}, expected a share of 0 or more, below 1`, {
          field: '--chance',
        })
      return [name, value]
    }),
  )
}

/** Rows that are named of those that count compute otherwise. */
const NAMED = 5

/** Runs that count their compute by two rules cannot be put on one axis. */
function requireOneRule({ factor, others }: ComputeRule): void {
  const [first] = others
  if (first === undefined) return
  const named = others.slice(0, NAMED).map((o) => `${o.model} at ${o.source}: ${o.factor.toPrecision(2)}·N·D`)
  throw raise(
    'mixed-compute',
    `the run with the most compute has ${factor.toPrecision(2)}·N·D FLOPs, ${counted(others.length, 'row')} another factor: ${named.join('; ')}${others.length > NAMED ? '; …' : ''}`,
  )
}

/**
 * The run to forecast, or null when only a back-test or an inversion is asked for. Its FLOPs follow the rule of the
 * table (6·N·D where no run records its own), or its active parameters.
 *
 * @throws {AssayError} cli/mixed-compute where rows, or the target and the rows, count compute by different rules
 */
export function targetOf(
  { flops, params, tokens, activeParams }: ForecastCliOptions,
  rule: ComputeRule,
): ForecastTarget | null {
  requireOneRule(rule)
  const active =
    activeParams !== undefined && tokens !== undefined ? DENSE_FACTOR * activeParams * tokens : undefined
  const size = params ?? activeParams
  const compute =
    flops ?? active ?? (size !== undefined && tokens !== undefined ? rule.factor * size * tokens : undefined)
  if (compute === undefined) return null
  if (size !== undefined && tokens !== undefined) {
    const target = { params: size, tokens, flops: compute }
    if (!followsRule(rule, target))
      throw raise(
        'mixed-compute',
        `the target has ${(compute / (size * tokens)).toPrecision(2)}·N·D FLOPs, the runs of the table ${rule.factor.toPrecision(2)}·N·D`,
      )
  }
  return {
    flops: compute,
    params: size ?? (tokens === undefined ? null : compute / (rule.factor * tokens)),
    tokens: tokens ?? (size === undefined ? null : compute / (rule.factor * size)),
  }
}

function refuseColumn(found: string, known: readonly string[]): never {
  const meant = nearest(found, known)
  throw raise(
    'bad-option',
    `found "${found}", expected ${meant === undefined ? 'one' : `"${meant}", or another`} of ${known.slice(0, 60).join(', ')}`,
    { field: '--columns' },
  )
}

/** `--columns` knows these fields, before the files are read. */
export function requireFields(columns: ForecastCliOptions['columns']): void {
  for (const field of Object.keys(columns ?? {}))
    if (!EVALUATION_FIELDS.includes(field)) refuseColumn(field, EVALUATION_FIELDS)
}

/** Columns that are named on the command line must be in one of the tables. */
export function requireColumns(
  { columns: known = [] }: EvaluationsEvidence,
  chosen: ForecastCliOptions['columns'],
): void {
  for (const column of Object.values(chosen ?? {}))
    if (multiplied(column, known) === null) refuseColumn(column.replace(/\s*\*[^*]*$/, ''), known)
}

/** Benchmarks and metrics that are named on the command line must be in the files. */
export function requireBenchmarks(evidence: EvaluationsEvidence, options: ForecastCliOptions): void {
  const benchmarks = new Set(evidence.rows.map(benchmarkName))
  const check = (field: string, names: Iterable<string>, known = benchmarks): void => {
    for (const name of names)
      if (!known.has(name))
        throw raise('bad-option', `found "${name}", expected one of ${[...known].slice(0, 60).join(', ')}`, {
          field,
        })
  }
  check('--benchmarks', options.benchmarks ?? [])
  for (const parts of options.aggregate?.values() ?? []) check('--aggregate', parts)
  const named = new Set([...benchmarks, ...(options.aggregate?.keys() ?? [])])
  check('--chance', Object.keys(options.chance ?? {}), named)
  if (options.metric !== undefined)
    check('--metric', [options.metric], new Set(evidence.rows.map(({ metric }) => metric)))
}
