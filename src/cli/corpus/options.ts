import { InvalidArgumentError } from 'commander'
import {
  type CountSettings,
  DEFAULT_FOLD,
  FOLDS,
  type Format,
  type MatchRule,
  type Shard,
  type TextDocument,
  type TextFold,
  tableFormat,
} from '../../corpus/index.js'
import { raise } from '../errors.js'
import { parseCount } from '../run.js'

/** Options of every command that reads a corpus. */
export interface ReadingOptions {
  readonly columns: Readonly<Record<string, string>>
  readonly format: Format | 'auto'
  readonly sampleBy: TextDocument
  readonly strict?: boolean
  readonly threads?: number
  readonly checkpoint?: string
  readonly resume?: boolean
}

/** Options of `assay corpus count` as the command line gives them. */
export interface CountOptions extends ReadingOptions {
  readonly facts: readonly string[]
  readonly out?: string
  readonly engine: 'embedded' | 'plain' | 'slurm' | 'infini-gram'
  readonly match: MatchRule
  readonly ignoreCase?: boolean
  readonly fold?: readonly TextFold[]
  readonly within?: number
  readonly shard?: Shard
  readonly shards: number
  readonly retries: number
  readonly sbatch: readonly string[]
  readonly worker?: string
  readonly endpoint: string
  readonly index?: string
  readonly concurrency: number
}

const DEFAULT_COLUMN = 'text'

/** What decides the counts; `--columns text=…` names the text, its other entries are the facts'. */
export function settingsOf(options: CountOptions): CountSettings {
  return {
    match: {
      match: options.match,
      ignoreCase: options.ignoreCase === true,
      fold: options.fold ?? DEFAULT_FOLD,
      within: options.within ?? null,
    },
    column: options.columns.text ?? DEFAULT_COLUMN,
    textDocument: options.sampleBy,
    format: options.format,
  }
}

export function factColumns({ columns }: CountOptions): Readonly<Record<string, string>> {
  const { text: _, ...rest } = columns
  return rest
}

/** Options that contradict each other; what single options may be, the parsers below say. */
export function checkOptions(inputs: readonly string[], options: CountOptions): void {
  const { out, shard, engine } = options
  if (engine !== 'infini-gram' && inputs.length === 0)
    throw raise('bad-option', 'no corpus is named: pass files, folders, globs, s3:// or https:// addresses')
  if (out !== undefined && !out.endsWith('/') && tableFormat(out) === undefined)
    throw raise('bad-option', `found --out ${out}, expected a name that ends in .parquet or .tsv`)
  if (options.match === 'published' && (options.fold ?? []).length > 0)
    throw raise('bad-option', '--fold does not go with --match published, which compares byte for byte')
  if (options.match === 'published' && options.ignoreCase === true)
    throw raise(
      'bad-option',
      '--ignore-case does not go with --match published, which compares byte for byte',
    )
  if (options.resume === true && out === undefined && options.checkpoint === undefined)
    throw raise(
      'bad-option',
      '--resume needs --out or --checkpoint, which name the folder of finished shards',
    )
  if (out?.endsWith('/') === true && shard === undefined)
    throw raise(
      'bad-option',
      `found --out ${out}: a folder takes the part of a --shard; a table ends in .parquet or .tsv`,
    )
  if (shard !== undefined && (engine === 'slurm' || engine === 'infini-gram'))
    throw raise('bad-option', `--shard does not go with --engine ${engine}`)
  if (engine === 'infini-gram' && options.index === undefined)
    throw raise('bad-option', "--engine infini-gram needs --index, the name of one of the server's indexes")
  if (engine === 'slurm' && out === undefined) throw raise('bad-option', '--engine slurm needs --out')
}

/** `space,width`, `all` or `none`. */
export function parseFolds(text: string): readonly TextFold[] {
  if (text === 'none') return []
  if (text === 'all') return FOLDS
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !FOLDS.some((fold) => fold === name))
  if (unknown !== undefined)
    throw new InvalidArgumentError(`found "${unknown}", expected all, none, or some of ${FOLDS.join(', ')}.`)
  return FOLDS.filter((fold) => names.includes(fold))
}

export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const index = Number(match?.[1])
  const of = Number(match?.[2])
  if (match === null || !(index < of))
    throw new InvalidArgumentError(
      `found "${text}", expected I/N with 0 ≤ I < N (shards are numbered from 0).`,
    )
  return { index, of }
}

export function parsePositive(text: string): number {
  const value = parseCount(text)
  if (value === 0) throw new InvalidArgumentError('found "0", expected 1 or more.')
  return value
}
