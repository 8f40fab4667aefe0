import { existsSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { counted } from '../../core/text/counted.js'
import {
  DEFAULT_FOLD,
  FOLDS,
  type Format,
  type GroupedSettings,
  type Grouping,
  literalPrefix,
  type MatchRule,
  type NamedCorpus,
  recorded,
  type Shard,
  SOURCE,
  sharedFiles,
  type TextDocument,
  type TextFold,
  tableFormat,
} from '../../corpus/index.js'
import { share } from '../../ingest/index.js'
import { raise } from '../errors.js'

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
  readonly by?: readonly string[]
  readonly groups?: string
  readonly examples?: number
  readonly around?: number
  readonly weights?: Readonly<Record<string, string>>
  readonly output?: readonly string[]
}

const DEFAULT_COLUMN = 'text'
/** What inputs without a name are called together. */
export const UNNAMED = 'corpus'

/** `web=crawl/*.jsonl` names a corpus, unless there is such a path (`year=2020/`); inputs without a name are one together. */
export function namedCorpora(inputs: readonly string[]): NamedCorpus[] {
  return inputs.map((input) => {
    const at = input.indexOf('=')
    const name = input.slice(0, Math.max(0, at))
    const folder = literalPrefix(input).replace(/[^/]*$/, '')
    const isPath = existsSync(input) || (folder.includes('=') && existsSync(folder))
    return /^[\w.-]+$/.test(name) && !isPath ? { name, input: input.slice(at + 1) } : { name: UNNAMED, input }
  })
}

/**
 * Numbers of `--weights web=.7,books=.3`, in the order of the names.
 *
 * @throws {AssayError} cli/bad-option where a weight names no corpus, a corpus has no weight, or one is not 0 or more
 */
export function weightsOf(names: readonly string[], weights: Readonly<Record<string, string>>): number[] {
  const wrong = (message: string) => raise('bad-option', message, { field: '--weights' })
  const stranger = Object.keys(weights).find((name) => !names.includes(name))
  if (stranger !== undefined && names.every((name) => name === UNNAMED))
    throw wrong(`found "${stranger}", but no corpus has a name: name it, as in ${stranger}=PATH`)
  if (stranger !== undefined)
    throw wrong(`found "${stranger}", expected ${names.join(', ')}; web=crawl/*.jsonl names a corpus`)
  const given = names.map((name) => {
    const value = share(weights[name] ?? '')
    if (!(value >= 0 && Number.isFinite(value)))
      throw wrong(
        `found "${weights[name] ?? 'nothing'}" for ${name}, expected a number of 0 or more, or a share of at most 100%`,
      )
    return value
  })
  if (given.every((value) => value === 0)) throw wrong('all are 0')
  return given
}

/** @throws {AssayError} as weightsOf does, before the corpus is read */
export function checkWeights(inputs: readonly string[], weights: Readonly<Record<string, string>>): void {
  weightsOf([...new Set(namedCorpora(inputs).map(({ name }) => name))], weights)
}

/**
 * Files that inputs of two names hold: what goes by names is refused, else said which of them counts.
 *
 * @param decides the option that goes by names, if one does
 * @throws {AssayError} cli/bad-option, corpus/no-input
 */
export async function checkNames(
  inputs: readonly string[],
  decides: string | false,
  note: (text: string) => void,
): Promise<void> {
  const shared = await sharedFiles(namedCorpora(inputs))
  const [first] = shared
  if (first === undefined) return
  const { path, names } = first
  const others = shared.length - 1
  const what = `${path}${others === 0 ? ' stands' : ` and ${counted(others, 'more file', 'more files')} stand`} under the names ${names.join(' and ')}`
  if (decides !== false)
    throw raise('bad-option', `${what}, and can count for one: leave it out of the others`, {
      field: decides,
    })
  note(`${what}; what goes by names counts ${others === 0 ? `it for ${names[0]}` : 'each for the first'}`)
}

/** What decides the counts; `--columns text=…` names the text, its other entries are the facts'. */
export function settingsOf(inputs: readonly string[], options: CountOptions): GroupedSettings {
  const grouping = groupingOf(inputs, options)
  return {
    ...(grouping === undefined ? {} : { grouping }),
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

const DEFAULT_AROUND = 100

/** What is told beside the sums; undefined where nothing is asked for. */
function groupingOf(inputs: readonly string[], options: CountOptions): Grouping | undefined {
  const { by = [], examples = 0, around = DEFAULT_AROUND, weights } = options
  const all = weights === undefined ? by : [...by, SOURCE]
  if (all.length === 0 && examples === 0) return undefined
  const corpora = all.includes(SOURCE) ? recorded(namedCorpora(inputs)) : []
  return {
    by: [...new Set(all)].sort(),
    corpora: weights !== undefined || corpora.some(({ name }) => name !== UNNAMED) ? corpora : [],
    examples: examples === 0 ? null : { most: examples, around },
  }
}

export function factColumns({ columns }: CountOptions): Readonly<Record<string, string>> {
  const { text: _, ...rest } = columns
  return rest
}

/** Options that contradict each other; what single options may be, the parsers below say. */
export function checkOptions(inputs: readonly string[], options: CountOptions): void {
  const { out, shard, engine, by = [], groups, examples = 0, weights } = options
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
  if (engine === 'infini-gram' && (by.length > 0 || examples > 0 || weights !== undefined))
    throw raise('bad-option', '--by, --examples and --weights need documents, which no index tells')
  if (by.some((name) => name.trim() === '' || name === 'column:'))
    throw raise('bad-option', 'found --by without a name, expected source, language or a field')
  if (by.some((name) => name.replace(/^column:/, '') === (options.columns.text ?? DEFAULT_COLUMN)))
    throw raise('bad-option', 'found --by with the field that holds the text, expected one that tells parts')
  if (groups !== undefined && (by.length === 0 || tableFormat(groups) === undefined))
    throw raise(
      'bad-option',
      `found --groups ${groups}, expected --by and a name that ends in .parquet or .tsv`,
    )
  if (weights !== undefined) checkWeights(inputs, weights)
  if (engine === 'slurm' && out === undefined) throw raise('bad-option', '--engine slurm needs --out')
}

/** They are held in memory and stand in every part. */
const MOST_EXAMPLES = 100_000

/** @throws {AssayError} cli/bad-option where there are too many facts for so many examples of each */
export function checkExamples(facts: number, { examples = 0 }: CountOptions): void {
  if (facts * examples > MOST_EXAMPLES)
    throw raise(
      'bad-option',
      `found ${examples} of ${facts} facts, expected at most ${MOST_EXAMPLES} in all: name the facts whose documents are wanted`,
      { field: '--examples' },
    )
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
