import { realpath } from 'node:fs/promises'
import { basename, dirname, relative, resolve } from 'node:path'
import {
  AssayError,
  joinPieces,
  type LogReader,
  type LogReaderOptions,
  type LogSource,
  splitAppended,
  type TrainingRun,
} from '../../core/index.js'
import { listed } from '../../core/text/counted.js'
import { archiveOf } from '../text/unpack.js'
import { raise } from './errors.js'
import { readByPattern } from './lines/pattern.js'
import { recognise } from './recognise.js'
import { alone, expandFolder, type LogPaths } from './source/expand-folders.js'
import { type KeptStreams, keepStreams } from './source/keep-streams.js'
import { openSource } from './source/open-source.js'
import { type ShowReading, withProgress } from './source/progress.js'
import { adoptHeader, headlessTable } from './tables/headless-table.js'
import { readTable } from './tables/read-table.js'

/** Names of left-out files that a note gives. */
const NAMED_FILES = 8

function hasLoss(run: TrainingRun): boolean {
  return run.loss.length > 0 || run.validationLoss.length > 0 || run.nonFinite.length > 0
}

/** What an archive is called by, where its first bytes do not say so. */
const ARCHIVE_NAME = /\.(?:gz|zst)$/i

/** Why a file gives no log: its archive is damaged, or its format is not known. */
function unknownFormat(source: LogSource): AssayError {
  const broken = source.damage()
  if (broken !== undefined)
    return raise('damaged', `${broken}; what could be unpacked before that holds no training log`, {
      path: source.path,
    })
  const binary = source.head.subarray(0, 4096).includes(0)
  const [ending] = ARCHIVE_NAME.exec(source.path) ?? []
  if (binary && ending !== undefined && archiveOf(source.head) === undefined)
    return raise('damaged', `it is named ${ending}, but does not begin as such an archive does`, {
      path: source.path,
    })
  const text = new TextDecoder().decode(source.head.subarray(0, 480), { stream: true }).split(/[\r\n]/)[0]
  return raise(
    'unknown-format',
    binary
      ? 'the file is binary and no TensorBoard event file'
      : `no line of it looks like a training log; it begins "${text.slice(0, 80)}"`,
    { path: source.path },
  )
}

/** Opens each file once, however often it is asked for. */
class Sources {
  private readonly open = new Map<string, Promise<LogSource>>()

  constructor(
    private readonly paths: readonly string[],
    private readonly streams: KeptStreams,
    private readonly progress?: ShowReading,
  ) {}

  of(path: string): Promise<LogSource> {
    const source = this.open.get(path) ?? this.openNow(path)
    this.open.set(path, source)
    return source
  }

  private async openNow(path: string): Promise<LogSource> {
    return withProgress(await openSource(path, this.streams.fileOf(path)), this.progress)
  }

  /** The other files, those that cannot be opened left out. */
  async besides(path: string): Promise<LogSource[]> {
    const opened = await Promise.allSettled(this.paths.filter((p) => p !== path).map((p) => this.of(p)))
    return opened.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : []))
  }
}

/** Runs of one file by the surest reader that finds a loss; the others lend a headless table their column names. */
async function readFile(path: string, sources: Sources, options: LogReaderOptions): Promise<TrainingRun[]> {
  const source = await sources.of(path)
  if (options.pattern !== undefined) return readByPattern(source, options.pattern)
  let surest: LogReader | undefined
  for (const reader of recognise(source, options)) {
    surest ??= reader
    const runs = await reader.read(source, options)
    if (runs.some(hasLoss)) return runs.flatMap(splitAppended)
  }
  if (surest !== undefined && source.damage() === undefined)
    throw raise('no-losses', `it reads as ${surest.format}, but gives no loss`, { path })
  const width = headlessTable(source)
  if (width === undefined) throw unknownFormat(source)
  const header = adoptHeader(path, width, await sources.besides(path))
  return (await readTable(source, options, header)).flatMap(splitAppended)
}

/** Settings and summaries of a run are JSON, too, and may name a loss. */
const LEAST_ROWS_OF_JSON = 2

/** Runs of the logs in a folder. What is no log is left out and told in a note of the first run. */
async function readFolder(
  found: LogPaths,
  sources: Sources,
  options: LogReaderOptions,
): Promise<TrainingRun[]> {
  const runs: TrainingRun[] = []
  const leftOut = [...found.others]
  for (const file of found.files)
    try {
      const read = await readFile(file, sources, options)
      if (file.endsWith('.json') && read.every((run) => run.loss.length < LEAST_ROWS_OF_JSON))
        leftOut.push(file)
      else runs.push(...read)
    } catch (error) {
      if (!(error instanceof AssayError)) throw error
      leftOut.push(file)
    }
  const [first, ...rest] = runs
  if (first === undefined)
    throw raise('no-logs', `none of its ${leftOut.length} files is a training log`, { path: found.path })
  if (leftOut.length === 0) return runs
  const names = leftOut.map((file) => relative(found.path, file))
  const text = `files of ${found.path} that are no logs: ${listed(names, NAMED_FILES)}`
  return [
    { ...first, notes: [...first.notes, { code: 'left-out-files', line: 0, text, count: leftOut.length }] },
    ...rest,
  ]
}

/** The runs with the folder before those names that runs of several files share. */
export function withFolders(runs: readonly TrainingRun[]): TrainingRun[] {
  return runs.map((run) => {
    const isShared = runs.some((other) => other.id === run.id && other.source !== run.source)
    const folder = basename(dirname(resolve(run.source.split(' + ')[0])))
    return isShared && folder !== '' ? { ...run, id: `${folder}/${run.id}` } : run
  })
}

/** A name for each run: the label in the file, else the file's name, numbered where several share it. */
function withIds(runs: readonly TrainingRun[]): TrainingRun[] {
  const named = withFolders(
    runs.map((run) =>
      run.id === '' ? { ...run, id: run.source === '-' ? 'stdin' : basename(run.source) } : run,
    ),
  ).map((run) => run.id)
  return runs.map((run, i) => {
    const same = named.flatMap((name, k) => (name === named[i] ? [k] : []))
    return { ...run, id: same.length === 1 ? named[i] : `${named[i]}#${same.indexOf(i) + 1}` }
  })
}

/** The files behind the paths, each once, and those that were given again (by another name, or in a folder). */
async function eachOnce(
  expanded: readonly LogPaths[],
  { fileOf }: KeptStreams,
): Promise<{ once: LogPaths[]; again: string[] }> {
  const seen = new Set<string>()
  const again: string[] = []
  const once: LogPaths[] = []
  for (const found of expanded) {
    const files: string[] = []
    for (const file of found.files) {
      const real = await realpath(fileOf(file)).catch(() => file)
      if (seen.has(real)) again.push(file)
      else files.push(file)
      seen.add(real)
    }
    if (files.length > 0 || found.files.length === 0) once.push({ ...found, files })
  }
  return { once, again }
}

/** How logs are read. */
export interface ReadLogsOptions extends LogReaderOptions {
  /** Streams that were kept before; those among the paths are read to their end when left out. */
  readonly streams?: KeptStreams
  /** A bar for each large file that is read. */
  readonly progress?: ShowReading
}

/**
 * Read training logs of any known format, recognised by content: appended runs are told apart, rotated pieces of
 * one run are joined, and every run gets a name. A folder stands for the logs inside it, `-` for standard input.
 * @throws logs/… (unreadable, empty, unknown-format, no-header, no-losses, no-logs, not-a-number, no-column)
 */
export async function readLogs(
  paths: readonly string[],
  options: ReadLogsOptions = { columns: {} },
): Promise<TrainingRun[]> {
  const streams = options.streams ?? (await keepStreams(paths))
  try {
    const expanded = await Promise.all(
      paths.map((path) => (streams.fileOf(path) === path ? expandFolder(path) : alone(path))),
    )
    const { once, again } = await eachOnce(expanded, streams)
    const sources = new Sources(
      once.flatMap((e) => e.files),
      streams,
      options.progress,
    )
    const runs: TrainingRun[] = []
    for (const found of once)
      runs.push(
        ...(found.isFolder
          ? await readFolder(found, sources, options)
          : await readFile(found.path, sources, options)),
      )
    const named = withIds(joinPieces(runs))
    if (again.length === 0) return named
    const [first, ...rest] = named
    const text = `${[...new Set(again)].join(', ')} given more than once: judged once`
    return [
      { ...first, notes: [...first.notes, { code: 'same-file', line: 0, text, count: again.length }] },
      ...rest,
    ]
  } finally {
    if (options.streams === undefined) streams.remove()
  }
}
