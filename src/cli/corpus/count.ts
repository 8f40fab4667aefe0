import { availableParallelism } from 'node:os'
import { hashInputs } from '../../audit/index.js'
import type { Fact } from '../../core/index.js'
import {
  COUNT_FORM,
  type CorpusNote,
  type CountRow,
  corpusNote,
  countCorpus,
  countInIndex,
  countParts,
  foldsOf,
  isPartFolder,
  mergeShards,
  planPass,
  runArray,
  type Skipped,
  toRows,
  writeShard,
  writeTable,
} from '../../corpus/index.js'
import { readFacts } from '../../ingest/index.js'
import type { Io, Outcome } from '../run.js'
import { describeCount, exitCodeOf, headLine, lostFields, skippedFields } from './describe.js'
import { abortOnInterrupt } from './interrupt.js'
import { type CountOptions, checkOptions, factColumns, settingsOf } from './options.js'

export const COUNT_SCHEMA = 'assay/corpus-count@1'

/** What every engine ends in. */
interface Counted {
  /** null where the engine does not count documents. */
  readonly documents: number | null
  readonly bytes: number | null
  readonly skipped: readonly Skipped[]
  readonly rows: readonly CountRow[]
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

function localFolder(options: CountOptions): string | null {
  const { out, checkpoint } = options
  if (checkpoint !== undefined) return checkpoint
  if (out === undefined || out.startsWith('s3://')) return null
  return isPartFolder(out) ? `${out}checkpoint-${options.shard?.index ?? 0}` : `${out}.parts`
}

const countHere: Count = async (facts, inputs, options, hooks) => {
  const settings = settingsOf(options)
  const { out, shard, match } = options
  const engine = options.engine === 'plain' ? 'plain' : 'embedded'
  const result = await countCorpus(
    {
      ...settings,
      facts,
      inputs,
      engine,
      strict: options.strict === true,
      threads: options.threads ?? null,
      shard: shard ?? null,
      checkpoint: localFolder(options),
      resume: options.resume === true,
    },
    hooks,
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
    rows: toRows(facts, result.entities, tally),
    corpus: corpusNote(result.totals, settings.match),
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
  const folds = settingsOf(options).match.fold
  if (options.fold !== undefined) words.push('--fold', folds.length === 0 ? 'none' : folds.join(','))
  if (options.within !== undefined) words.push('--within', String(options.within))
  if (pairs.length > 0) words.push('--columns', pairs.join(','))
  if (options.strict === true) words.push('--strict')
  words.push('--out', folder, '--resume', ...inputs)
  return [...(options.worker?.split(' ') ?? [process.execPath, process.argv[1]!]), ...words]
}

const countOnSlurm: Count = async (facts, inputs, options, hooks) => {
  const folder = `${(options.checkpoint ?? `${options.out}.shards`).replace(/\/$/, '')}/`
  const { shards } = options
  const planned = await planPass(countParts(facts, settingsOf(options)), inputs, options.strict === true)
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
  const merged = await mergeShards(folder, COUNT_FORM, (settings) => countParts(facts, settings), planned)
  const { tally, skipped } = merged.totals
  return {
    documents: tally.documents,
    bytes: tally.bytes,
    skipped,
    rows: toRows(facts, merged.totals.entities, tally),
    corpus: corpusNote(merged.totals, merged.settings.match),
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
    rows: result.rows,
    corpus: null,
    more: {
      estimator: 'occurrences in an infini-gram index, not documents',
      endpoint,
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

/** `assay corpus count`: read the facts, let the engine count, write the table. */
export async function runCount(inputs: readonly string[], options: CountOptions, io: Io): Promise<Outcome> {
  checkOptions(inputs, options)
  const { out, engine, match } = options
  const set = readFacts(options.facts, factColumns(options))
  for (const note of set.notes) io.note(note)
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
    const { documents, bytes, skipped, rows } = counted
    const writesTable = out !== undefined && !isPartFolder(out)
    if (writesTable) await writeTable(out, rows, counted.corpus)
    counted.finish()
    const seconds = (performance.now() - started) / 1000
    const within = options.within ?? null
    const head =
      documents === null || bytes === null
        ? `${rows.length} facts (${counted.how})`
        : headLine(documents, bytes, seconds, counted.how)
    return {
      json: {
        schema: COUNT_SCHEMA,
        seed: io.seed,
        inputs: hashInputs(options.facts),
        findings: [],
        documents,
        bytes,
        ...skippedFields(skipped),
        ...lostFields(counted.corpus),
        engine,
        match,
        seconds,
        ignoreCase: options.ignoreCase === true,
        fold: foldsOf(settingsOf(options).match),
        within,
        facts: set.facts.length,
        ...counted.more,
        ...(out === undefined ? { counts: rows } : { out }),
      },
      text: describeCount({ head, rows, within, skipped, out, lost: counted.corpus?.lost ?? null }),
      // A part is whole as it is: its job goes on, and whoever merges the parts is told.
      exitCode: writesTable || out === undefined ? exitCodeOf(counted.corpus) : 0,
    }
  } finally {
    release()
    progress.end()
  }
}
