import { InvalidArgumentError } from 'commander'
import { type EvaluationsEvidence, type ForecastTarget, trainingFlops } from '../../core/index.js'
import { raise } from '../errors.js'

/** The command's own options, as commander hands them over. */
export interface ForecastCliOptions {
  readonly flops?: number
  readonly params?: number
  readonly tokens?: number
  readonly backtest?: boolean
  readonly target?: number
  readonly k?: number[]
  readonly sampleTokens: number
  readonly price?: number
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
  return text.split(',').map((part) => {
    const k = Number(part)
    if (!Number.isInteger(k) || k < 1)
      throw new InvalidArgumentError(`found "${part}", expected whole numbers of 1 or more: 1,10,100.`)
    return k
  })
}

/** Every option that takes a positive number. */
export function requirePositive(options: ForecastCliOptions): void {
  for (const name of ['flops', 'params', 'tokens', 'price'] as const) {
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

/** `--chance NAME=LEVEL` as numbers. */
export function chanceLevels(given: Readonly<Record<string, string>> | undefined): Map<string, number> {
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
export function targetOf({ flops, params, tokens }: ForecastCliOptions): ForecastTarget | null {
  const compute =
    flops ?? (params !== undefined && tokens !== undefined ? trainingFlops(params, tokens) : undefined)
  if (compute === undefined) return null
  return {
    flops: compute,
    params: params ?? (tokens === undefined ? null : compute / (6 * tokens)),
    tokens: tokens ?? (params === undefined ? null : compute / (6 * params)),
  }
}

/** Benchmarks that are named on the command line must be in the files. */
export function requireBenchmarks(evidence: EvaluationsEvidence, options: ForecastCliOptions): void {
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
