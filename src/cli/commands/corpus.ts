import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Fact } from '../../core/index.js'
import {
  type CountResult,
  type CountRow,
  countCorpus,
  type Format,
  type MatchOptions,
  type MatchRule,
  type Shard,
  type Skipped,
  type TextDocument,
  tableFormat,
  toRows,
  writeTable,
} from '../../corpus/index.js'
import { readFacts } from '../../ingest/index.js'
import { raise } from '../errors.js'
import { collect } from '../output.js'
import { addCommand, type Io, type Outcome, parseCount, parsePairs } from '../run.js'

interface CountOptions {
  readonly facts: readonly string[]
  readonly out?: string
  readonly engine: 'embedded' | 'plain'
  readonly match: MatchRule
  readonly ignoreCase?: boolean
  readonly within?: number
  readonly columns: Readonly<Record<string, string>>
  readonly format: Format | 'auto'
  readonly sampleBy: TextDocument
  readonly strict?: boolean
  readonly threads: number
  readonly shard?: Shard
  readonly checkpoint?: string
  readonly resume?: boolean
}

const DEFAULT_COLUMN = 'text'
const SCHEMA = 'assay/corpus-count@1'
const MAX_LISTED = 10

function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const index = Number(match?.[1])
  const of = Number(match?.[2])
  if (match === null || !(index < of))
    throw new InvalidArgumentError(
      `found "${text}", expected I/N with 0 ≤ I < N (shards are numbered from 0).`,
    )
  return { index, of }
}

function parseThreads(text: string): number {
  const value = parseCount(text)
  if (value === 0) throw new InvalidArgumentError('found "0", expected 1 or more.')
  return value
}

function sha256(path: string): string | null {
  return statSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : null
}

/** SIGINT asks the count to stop after the units in hand; a second one ends the process at once. */
function abortOnInterrupt(io: Io): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    io.note('Stopping after the shards in hand; once more to stop at once.')
    controller.abort()
  }
  process.on('SIGINT', stop)
  return { signal: controller.signal, release: () => process.off('SIGINT', stop) }
}

const format = (value: number): string => value.toLocaleString('en-US')

function describeSkipped(skipped: readonly Skipped[]): string[] {
  if (skipped.length === 0) return []
  const lines = skipped.slice(0, MAX_LISTED).map(({ path, reason, documents, where }) => {
    const what = documents === null ? 'the rest of the file' : `${format(documents)} documents`
    return `  ${path} (${where}): ${reason}; ${what} left out`
  })
  const more = skipped.length - lines.length
  return ['Skipped:', ...lines, ...(more > 0 ? [`  and ${more} more; see --json`] : [])]
}

function describe(
  facts: readonly Fact[],
  rows: readonly CountRow[],
  result: CountResult,
  seconds: number,
  options: CountOptions,
): string {
  const { documents, bytes } = result.totals.tally
  const share = (found: number): string => `${format(found)} of ${format(facts.length)}`
  const lines = [
    `${format(documents)} documents, ${(bytes / 1e6).toFixed(1)} MB of text in ${seconds.toFixed(1)} s` +
      ` (engine ${options.engine}, match ${options.match}, ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'})`,
    `Facts whose subject occurs: ${share(rows.filter((r) => r.n_s > 0).length)}; object: ${share(rows.filter((r) => r.n_o > 0).length)}; ` +
      `both in one document${options.within === undefined ? '' : `, at most ${options.within} words apart`}: ${share(rows.filter((r) => r.n_so > 0).length)}`,
    ...describeSkipped(result.totals.skipped),
  ]
  if (options.out !== undefined) return [...lines, `Counts: ${options.out}`].join('\n')
  const top = [...rows].sort((a, b) => b.n_so - a.n_so).slice(0, MAX_LISTED)
  const table = top.map((r) => `  ${r.n_s}\t${r.n_o}\t${r.n_so}\t${r.subject} | ${r.relation} | ${r.object}`)
  return [
    ...lines,
    'Most frequent pairs (n_s, n_o, n_so); --out counts.parquet or .tsv for all:',
    ...table,
  ].join('\n')
}

async function count(inputs: readonly string[], options: CountOptions, io: Io): Promise<Outcome> {
  const { out, checkpoint, within } = options
  if (out !== undefined && tableFormat(out) === undefined)
    throw raise('bad-option', `found --out ${out}, expected a name that ends in .parquet or .tsv`)
  if (options.match === 'published' && options.ignoreCase === true)
    throw raise(
      'bad-option',
      '--ignore-case does not go with --match published, which compares byte for byte',
    )
  if (options.resume === true && out === undefined && checkpoint === undefined)
    throw raise(
      'bad-option',
      '--resume needs --out or --checkpoint, which name the folder of finished shards',
    )
  const { text = DEFAULT_COLUMN, ...factColumns } = options.columns
  const set = readFacts(options.facts, factColumns)
  for (const note of set.notes) io.note(note)
  const match: MatchOptions = {
    match: options.match,
    ignoreCase: options.ignoreCase === true,
    within: within ?? null,
  }
  const started = performance.now()
  const progress = io.progress('counting')
  const { signal, release } = abortOnInterrupt(io)
  try {
    const result = await countCorpus(
      {
        facts: set.facts,
        inputs,
        match,
        engine: options.engine,
        column: text,
        textDocument: options.sampleBy,
        format: options.format,
        strict: options.strict === true,
        threads: options.threads,
        shard: options.shard ?? null,
        checkpoint: checkpoint ?? (out === undefined || out.startsWith('s3://') ? null : `${out}.parts`),
        resume: options.resume === true,
      },
      { signal, progress: (done, total) => progress.update(done, total) },
    )
    const rows = toRows(set.facts, result.entities, result.totals.tally)
    if (out !== undefined) await writeTable(out, rows)
    result.finish()
    const seconds = (performance.now() - started) / 1000
    const { documents, bytes } = result.totals.tally
    return {
      json: {
        schema: SCHEMA,
        seed: io.seed,
        inputs: options.facts.map((path) => ({ path, sha256: sha256(path) })),
        findings: [],
        documents,
        bytes,
        skipped: result.totals.skipped,
        engine: options.engine,
        match: options.match,
        seconds,
        ignoreCase: match.ignoreCase,
        within: match.within,
        facts: set.facts.length,
        files: result.files,
        shard: options.shard ?? null,
        shards: { total: result.units.length, resumed: result.resumedUnits },
        threads: result.threads,
        ...(out === undefined ? { counts: rows } : { out }),
      },
      text: describe(set.facts, rows, result, seconds, options),
      exitCode: 0,
    }
  } finally {
    release()
    progress.end()
  }
}

/** `assay corpus count`: documents that hold a fact's names. */
export function addCorpus(program: Command): void {
  const corpus = program
    .command('corpus')
    .description('What a corpus holds: document counts of names and pairs')
  addCommand<CountOptions>(corpus, {
    name: 'count <corpus...>',
    description:
      'Count the documents that hold the subject, the object and both, for every fact; the corpus is Parquet, JSONL or text, plain, .gz or .zst: files, folders, globs, s3:// and https://',
    example: 'assay corpus count --facts examples/facts.jsonl examples/corpus/*.jsonl --out counts.tsv',
    configure: (command) =>
      command
        .requiredOption(
          '--facts <path>',
          'facts: JSONL, or a BEAR or LRE folder or file; repeatable',
          collect,
        )
        .option('--out <path>', 'the table of counts: .parquet or .tsv, on disk or s3://')
        .addOption(
          new Option('--engine <name>', 'how to count').choices(['embedded', 'plain']).default('embedded'),
        )
        .addOption(
          new Option(
            '--match <rule>',
            'boundary: whole words, aliases; published: one space before, nothing after',
          )
            .choices(['boundary', 'published'])
            .default('boundary'),
        )
        .option('--ignore-case', 'compare lower-cased texts')
        .option(
          '--within <words>',
          'count a pair only where both stand at most this many words apart',
          parseCount,
        )
        .option('--columns <map>', 'foreign names: text=content, subject=head, …', parsePairs, {})
        .addOption(
          new Option('--format <name>', 'of the corpus; auto goes by name, then by content')
            .choices(['auto', 'parquet', 'jsonl', 'text'])
            .default('auto'),
        )
        .addOption(
          new Option('--sample-by <what>', 'what a document is in a text file')
            .choices(['line', 'paragraph', 'file'])
            .default('line'),
        )
        .option('--strict', 'stop at the first document or file that cannot be read')
        .option('--threads <n>', 'worker threads', parseThreads, availableParallelism())
        .option('--shard <i/n>', 'count only shard i of n, from 0', parseShard)
        .option('--checkpoint <dir>', 'folder of finished shards (default: beside --out, with .parts added)')
        .option('--resume', 'go on from finished shards'),
    run: count,
  })
}
