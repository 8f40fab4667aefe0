import { availableParallelism } from 'node:os'
import { hashInputs } from '../../audit/index.js'
import { type Fact, withoutSecrets } from '../../core/index.js'
import {
  COUNT_FORM,
  type CorpusNote,
  corpusNote,
  countCorpus,
  countInIndex,
  countParts,
  foldsOf,
  isPartFolder,
  type MatchOptions,
  mergeShards,
  planPass,
  runArray,
  type Skipped,
  SOURCE,
  writeShard,
  writeTable,
} from '../../corpus/index.js'
import { readFacts } from '../../ingest/index.js'
import { outcomeOf } from '../output.js'
import type { Io, Outcome } from '../run.js'
import { countReport, type Told, toldFields, toldLines, toldOf, weightedOf } from './count-told.js'
import { describeCount, exitCodeOf, headLine, lostFields, seenLine, skippedFields } from './describe.js'
import { abortOnInterrupt } from './interrupt.js'
import {
  type CountOptions,
  checkExamples,
  checkNames,
  checkOptions,
  factColumns,
  namedCorpora,
  settingsOf,
} from './options.js'

export const COUNT_SCHEMA = 'assay/corpus-count@1'

/** What every engine ends in. */
export interface Counted {
  /** null where the engine does not count documents. */
  readonly documents: number | null
  readonly bytes: number | null
  readonly skipped: readonly Skipped[]
  readonly told: Told
  /** What the table tells of the corpus; null where the engine does not count documents. */
  readonly corpus: CorpusNote | null
  /** More fields of the JSON document. */
  readonly more: object
  readonly how: string
  /** To be done once the table is written. */
  finish(): void
}

interface Hooks {
  readonly signal: AbortSignal
  progress(done: number, total: number): void
  note(text: string): void
}

type Count = (
  facts: readonly Fact[],
  inputs: readonly string[],
  options: CountOptions,
  hooks: Hooks,
) => Promise<Counted>

const pathsOf = (inputs: readonly string[]): string[] => namedCorpora(inputs).map(({ input }) => input)

function localFolder(options: CountOptions): string | null {
  const { out, checkpoint } = options
  if (checkpoint !== undefined) return checkpoint
  if (out === undefined || out.startsWith('s3://')) return null
  return isPartFolder(out) ? `${out}checkpoint-${options.shard?.index ?? 0}` : `${out}.parts`
}

const countHere: Count = async (facts, inputs, options, hooks) => {
  const settings = settingsOf(inputs, options)
  const { out, shard, match } = options
  const engine = options.engine === 'plain' ? 'plain' : 'embedded'
  const result = await countCorpus(
    {
      ...settings,
      facts,
      inputs: pathsOf(inputs),
      engine,
      strict: options.strict === true,
      threads: options.threads ?? null,
      shard: shard ?? null,
      checkpoint: localFolder(options),
      resume: options.resume === true,
    },
    hooks,
  )
  const told = toldOf(
    facts,
    result.totals,
    settings.grouping,
    shard === undefined ? options.weights : undefined,
  )
  for (const note of result.notes) hooks.note(note)
  const part =
    out !== undefined && shard !== undefined && isPartFolder(out)
      ? await writeShard(out, shard, result, settings, COUNT_FORM)
      : undefined
  const { tally, skipped } = result.totals
  const threads = `${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`
  return {
    documents: tally.documents,
    bytes: tally.bytes,
    skipped,
    told,
    corpus: { ...corpusNote(result.totals, settings.match), ...weightedOf(told) },
    more: {
      files: result.files,
      shard: shard ?? null,
      shards: { total: result.units.length, resumed: result.resumedUnits },
      threads: result.threads,
      ...(part === undefined ? {} : { part }),
    },
    how: `engine ${engine}, match ${match}, ${threads}`,
    finish: () => result.finish(),
  }
}

/** The words of this very command for one shard. */
function shardCommand(inputs: readonly string[], options: CountOptions, folder: string): string[] {
  const pairs = Object.entries(options.columns).map(([name, column]) => `${name}=${column}`)
  const words = ['corpus', 'count', ...options.facts.flatMap((path) => ['--facts', path])]
  words.push('--match', options.match, '--format', options.format, '--sample-by', options.sampleBy)
  if (options.ignoreCase === true) words.push('--ignore-case')
  const { grouping, match } = settingsOf(inputs, options)
  if (options.fold !== undefined) words.push('--fold', match.fold.join(',') || 'none')
  if (options.within !== undefined) words.push('--within', String(options.within))
  if (pairs.length > 0) words.push('--columns', pairs.join(','))
  if (options.strict === true) words.push('--strict')
  for (const by of grouping?.by ?? []) words.push('--by', by)
  const { examples } = grouping ?? {}
  if (examples != null) words.push('--examples', String(examples.most), '--around', String(examples.around))
  words.push('--out', folder, '--resume', ...inputs)
  return [...(options.worker?.split(' ') ?? [process.execPath, process.argv[1]!]), ...words]
}

const countOnSlurm: Count = async (facts, inputs, options, hooks) => {
  const folder = `${(options.checkpoint ?? `${options.out}.shards`).replace(/\/$/, '')}/`
  const { shards } = options
  const settings = settingsOf(inputs, options)
  const planned = await planPass(countParts(facts, settings), pathsOf(inputs), options.strict === true)
  for (const note of planned.notes) hooks.note(note)
  await runArray({
    name: 'assay-count',
    form: COUNT_FORM,
    command: shardCommand(inputs, options, folder),
    folder,
    logs: `${folder.startsWith('s3://') ? `${options.out?.replace(/^s3:\/\/.*\//, '')}.` : folder}logs`,
    shards,
    cpusPerTask: options.threads ?? availableParallelism(),
    retries: options.retries,
    sbatch: options.sbatch,
    resume: options.resume === true,
    planned,
    signal: hooks.signal,
    note: hooks.note,
  })
  const merged = await mergeShards(folder, COUNT_FORM, (of) => countParts(facts, of), planned)
  const told = toldOf(facts, merged.totals, settings.grouping, options.weights)
  const { tally, skipped } = merged.totals
  return {
    documents: tally.documents,
    bytes: tally.bytes,
    skipped,
    told,
    corpus: { ...corpusNote(merged.totals, merged.settings.match), ...weightedOf(told) },
    more: { files: merged.files, shards: { total: merged.shards }, parts: folder },
    how: `engine slurm, match ${options.match}, ${shards} shards`,
    finish: () => {},
  }
}

const countInInfiniGram: Count = async (facts, _inputs, options, hooks) => {
  const { endpoint, index = '', concurrency, within } = options
  const aliases = options.match === 'boundary'
  const result = await countInIndex(
    { facts, endpoint, index, aliases, within: within ?? null, concurrency },
    hooks,
  )
  return {
    documents: null,
    bytes: null,
    skipped: result.skipped,
    told: { rows: result.rows, groupRows: [], groups: [], examples: [], weighted: undefined, notes: [] },
    corpus: null,
    more: {
      estimator: 'occurrences in an infini-gram index, not documents',
      endpoint: withoutSecrets(endpoint),
      index,
      queries: result.queries,
      approximate: result.rows.filter((row) => row.approx === true).length,
    },
    how: `occurrences, not documents, in the infini-gram index ${index}`,
    finish: () => {},
  }
}

function engineOf(options: CountOptions): Count {
  if (options.engine === 'slurm') return countOnSlurm
  return options.engine === 'infini-gram' ? countInInfiniGram : countHere
}

/** What is written, and by which options it was counted. */
interface Concluded {
  readonly factPaths: readonly string[]
  readonly out: string | undefined
  readonly groups: string | undefined
  readonly output: readonly string[] | undefined
  readonly engine: string
  readonly match: MatchOptions
  readonly started: number
}

/** What a count ends with, whoever counted: tables, the JSON document, what is printed. */
export async function concludeCount(counted: Counted, options: Concluded, io: Io): Promise<Outcome> {
  const { out, groups, factPaths, engine, match } = options
  const { documents, bytes, skipped, told, corpus } = counted
  const { rows, groupRows } = told
  const writesTable = out !== undefined && !isPartFolder(out)
  if (writesTable) await writeTable(out, rows, corpus)
  if (groups !== undefined) await writeTable(groups, groupRows, null)
  counted.finish()
  const seconds = (performance.now() - options.started) / 1000
  const { within } = match
  const head =
    documents === null || bytes === null
      ? `${rows.length} facts (${counted.how})`
      : headLine(documents, bytes, seconds, counted.how)
  const reading = { documents, skipped, lost: corpus?.lost ?? null }
  const text = describeCount({ head, rows, within, out, ...reading })
  const inputs = hashInputs(factPaths)
  const shown = { schema: COUNT_SCHEMA, seed: io.seed, inputs, head, answer: seenLine(rows, within) }
  return outcomeOf(countReport(told, shown), io, {
    own: {
      documents,
      bytes,
      ...skippedFields(skipped),
      ...lostFields(corpus),
      engine,
      match: match.match,
      seconds,
      ignoreCase: match.ignoreCase,
      fold: foldsOf(match),
      within,
      facts: rows.length,
      ...counted.more,
      ...toldFields(told, { groups, out }),
      ...(out === undefined ? { counts: rows } : { out }),
    },
    text: [text, ...toldLines(told)].join('\n'),
    // A part is whole as it is: its job goes on, and whoever merges the parts is told.
    exitCode: writesTable || out === undefined ? exitCodeOf(reading) : 0,
    files: options.output,
  })
}

/** `assay corpus count`: read the facts, let the engine count, write the table. */
export async function runCount(inputs: readonly string[], options: CountOptions, io: Io): Promise<Outcome> {
  checkOptions(inputs, options)
  const { out, engine, groups, output, weights, by = [] } = options
  if (engine !== 'infini-gram')
    await checkNames(inputs, weights === undefined ? by.includes(SOURCE) && '--by' : '--weights', io.note)
  const set = readFacts(options.facts, factColumns(options))
  for (const note of set.notes) io.note(note)
  checkExamples(set.facts.length, options)
  const started = performance.now()
  const progress = io.progress('counting')
  const { signal, release } = abortOnInterrupt(io)
  try {
    const hooks = {
      signal,
      note: io.note,
      progress: (done: number, total: number) => progress.update(done, total),
    }
    const counted = await engineOf(options)(set.facts, inputs, options, hooks)
    const { match } = settingsOf(inputs, options)
    return await concludeCount(
      counted,
      { factPaths: options.facts, out, groups, output, engine, match, started },
      io,
    )
  } finally {
    release()
    progress.end()
  }
}
