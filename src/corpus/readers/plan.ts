import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { glob } from 'tinyglobby'
import { AssayError, messageOf } from '../../core/errors.js'
import { counted } from '../../core/text/counted.js'
import { repeatNotes } from '../../core/text/repeats.js'
import { HEAD_BYTES } from '../../io/no-text.js'
import { rooted } from '../../io/rooted.js'
import { raise } from '../errors.js'
import type { Compression } from './decompress.js'
import { drawUnits, type Sample, stretchBytes } from './draw.js'
import { globToRegExp, isGlob, literalPrefix } from './glob.js'
import { createNumbering } from './http.js'
import { isJsonArray, isSpreadObject } from './jsonl.js'
import { readRowGroups } from './parquet.js'
import { requireText } from './read-unit.js'
import { listS3 } from './s3.js'
import { openSource, type Source } from './source.js'
import type { Format, Skipped, TextDocument, Unit } from './unit.js'

/** A unit is what a crash can lose and what a thread takes at a time. Large corpora get larger ones. */
const MIN_UNIT_BYTES = 16 * 2 ** 20
const MAX_UNIT_BYTES = 2 ** 30
const ABOUT_UNITS = 4096
const OPEN_AT_ONCE = 16

export interface PlanOptions {
  /** `auto` goes by the file's name, then by its first bytes. */
  readonly format: Format | 'auto'
  readonly textDocument: TextDocument
  /** Read only a part of the corpus. */
  readonly sample?: Sample | null
}

export interface Plan {
  readonly units: readonly Unit[]
  /** How many there are where some of them are drawn. */
  readonly drawnFrom: number
  /** Their bytes of storage, drawn or not; null where one of them does not tell. */
  readonly stored: number | null
  /** Files that could be opened, drawn or not. */
  readonly paths: readonly string[]
  readonly files: number
  /** Files that could not be opened. */
  readonly skipped: readonly Skipped[]
  /** What its reader should know: files that the inputs name more than once. */
  readonly notes: readonly string[]
}

async function expandOne(input: string): Promise<string[]> {
  if (input.startsWith('s3://')) {
    if (!isGlob(input) && !input.endsWith('/')) return [input]
    const pattern = globToRegExp(input.endsWith('/') ? `${input}**` : input)
    return (await listS3(literalPrefix(input))).filter((path) => pattern.test(path))
  }
  if (/^https?:\/\//.test(input)) return [input]
  const info = await stat(input).catch(() => undefined)
  if (info?.isDirectory() === true) {
    const entries = await readdir(input, { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
    // A download's cache keeps its files elsewhere and links to them; a link that leads nowhere is told when it is read.
    const files = await Promise.all(
      paths.map(async (path) => (await stat(path).catch(() => undefined))?.isDirectory() !== true),
    )
    return paths.filter((_, i) => files[i]).sort()
  }
  if (info !== undefined) return [input]
  if (!isGlob(input)) return [input]
  const { pattern, cwd } = rooted(input)
  const found = await glob(pattern, { cwd, absolute: input.startsWith('/'), dot: false })
  return (cwd === '.' ? found : found.map((path) => join(cwd, path))).sort()
}

/** What a path leads to, however it is spelled; remote paths and those that lead nowhere stand for themselves. */
async function identityOf(path: string): Promise<string> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return path
  return realpath(path).catch(() => path)
}

/**
 * Inputs as files, each once and as it is spelled first, in order; by which inputs (positions) each is named, and what to say of
 * those that are named again.
 *
 * @throws {AssayError} corpus/no-input
 */
export async function expandInputs(
  inputs: readonly string[],
): Promise<{ files: string[]; inputsOf: number[][]; notes: string[] }> {
  const spellings = new Map<string, { path: string; input: number }[]>()
  for (const [k, input] of inputs.entries()) {
    const found = await expandOne(input)
    if (found.length === 0) throw raise('no-input', `nothing matches "${input}"`, { path: input })
    const identities = await Promise.all(found.map(identityOf))
    for (const [i, path] of found.entries()) {
      const known = spellings.get(identities[i]!)
      if (known === undefined) spellings.set(identities[i]!, [{ path, input: k }])
      else known.push({ path, input: k })
    }
  }
  const all = [...spellings.values()]
  const paths = all.map((own) => own.map(({ path }) => path))
  return {
    files: paths.map(([first]) => first!),
    inputsOf: all.map((own) => own.map(({ input }) => input)),
    notes: repeatNotes(paths),
  }
}

interface Kind {
  readonly format: Format
  readonly compression: Compression | null
}

function kindByName(path: string): { format: Format | null; compression: Compression | null } {
  const name = path.replace(/[?#].*$/, '').toLowerCase()
  const compression = /\.(gz|gzip)$/.test(name) ? 'gzip' : /\.(zst|zstd)$/.test(name) ? 'zstd' : null
  const bare = name.replace(/\.(gz|gzip|zst|zstd)$/, '')
  if (/\.(parquet|pq)$/.test(bare)) return { format: 'parquet', compression }
  if (/\.(jsonl|ndjson|jsonlines|json)$/.test(bare)) return { format: 'jsonl', compression }
  if (/\.(txt|text|md)$/.test(bare)) return { format: 'text', compression }
  return { format: null, compression }
}

/** What the name does not tell, the first bytes do; anything unknown is text. */
async function kindOf(source: Source, options: PlanOptions): Promise<Kind> {
  const named = kindByName(source.path)
  if (options.format !== 'auto') return { format: options.format, compression: named.compression }
  if (named.format !== null) return { format: named.format, compression: named.compression }
  const head = Buffer.from(await source.read(0, Math.min(HEAD_BYTES, source.size ?? HEAD_BYTES)))
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'parquet', compression: null }
  if (head[0] === 0x1f && head[1] === 0x8b) return { format: 'jsonl', compression: 'gzip' }
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return { format: 'jsonl', compression: 'zstd' }
  requireText(head, 'text')
  if (head.includes(0)) throw new Error('it is binary: a zero byte stands among its first ones')
  const isObject = head.toString('latin1').trimStart().startsWith('{')
  return { format: isObject || isJsonArray(head) ? 'jsonl' : 'text', compression: named.compression }
}

/** Files whose columns are not looked at. */
const TABLE = /\.(csv|tsv)(\.(gz|gzip|zst|zstd))?(#\d+)?$/i

/**
 * Bytes of storage per unit: a power of two that follows from the corpus alone, so that every worker of a sharded count
 * cuts it alike.
 */
export function unitBytes(totalBytes: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, totalBytes / ABOUT_UNITS)))
  return Math.min(MAX_UNIT_BYTES, Math.max(MIN_UNIT_BYTES, wanted))
}

/** Cut points over items of known bytes, so that each piece has about `pieceBytes`. */
function cut(bytes: readonly number[], pieceBytes: number): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = []
  let from = 0
  let held = 0
  for (const [i, size] of bytes.entries()) {
    held += size
    if (held < pieceBytes && i + 1 < bytes.length) continue
    pieces.push({ from, to: i + 1 })
    from = i + 1
    held = 0
  }
  return pieces
}

interface OpenFile {
  readonly source: Source
  readonly kind: Kind
  /** Position of the first input that names it. */
  readonly input: number
}

async function openFile(path: string, input: number, options: PlanOptions): Promise<OpenFile> {
  const source = await openSource(path)
  return { source, kind: await kindOf(source, options), input }
}

async function unitsOf(
  { source, kind, input }: OpenFile,
  textDocument: TextDocument,
  bytes: number,
): Promise<Unit[]> {
  const { path, address, size, version } = source
  const whole: Unit = { path, address, input, ...kind, from: 0, to: null, size, version }
  if (size === null || !source.hasRanges || size <= bytes || kind.compression !== null) return [whole]
  if (kind.format === 'parquet') {
    const groups = await readRowGroups(source)
    const total = groups.reduce((sum, group) => sum + group.bytes, 0)
    // Row groups tell their plain size; their share of the file is what counts here.
    const stored = groups.map((group) => (group.bytes / Math.max(1, total)) * size)
    return cut(stored, bytes).map(({ from, to }) => ({
      ...whole,
      from,
      to,
      size: Math.round(stored.slice(from, to).reduce((sum, part) => sum + part, 0)),
    }))
  }
  if (kind.format === 'text' && textDocument !== 'line') return [whole]
  // Whoever reads another stretch does not see the first.
  const head = await source.read(0, HEAD_BYTES)
  requireText(head, kind.format)
  if (kind.format === 'jsonl' && isSpreadObject(head)) return [whole]
  const count = Math.ceil(size / bytes)
  return Array.from({ length: count }, (_, i) => {
    const from = i * bytes
    const to = i + 1 === count ? null : from + bytes
    return { ...whole, from, to, size: (to ?? size) - from }
  })
}

/** Results in the order of the items, a few at a time. */
async function mapSome<T, U>(
  items: readonly T[],
  map: (item: T, index: number) => Promise<U>,
): Promise<PromiseSettledResult<U>[]> {
  const results: PromiseSettledResult<U>[] = []
  for (let from = 0; from < items.length; from += OPEN_AT_ONCE)
    results.push(
      ...(await Promise.allSettled(
        items.slice(from, from + OPEN_AT_ONCE).map((item, i) => map(item, from + i)),
      )),
    )
  return results
}

/**
 * The corpus as units, in a fixed order: the same files give the same plan in every process, which is what makes
 * `--shard i/n` workers stateless. A file that cannot be opened becomes a skipped entry (an error with `strict`).
 */
export async function planCorpus(
  inputs: readonly string[],
  options: PlanOptions,
  strict: boolean,
): Promise<Plan> {
  const { files, inputsOf, notes } = await expandInputs(inputs)
  const skipped: Skipped[] = []
  const keep = <T>(results: readonly PromiseSettledResult<T>[], pathOf: (i: number) => string): T[] => {
    const kept: T[] = []
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') kept.push(result.value)
      // A file that is not there, or a server that does not answer, is no corrupt file.
      else if (result.reason instanceof AssayError) throw result.reason
      else {
        const [path, reason] = [pathOf(i), messageOf(result.reason)]
        if (strict) throw raise('unreadable', reason, { path })
        skipped.push({ path, reason, documents: null, where: 'the file', broken: true })
      }
    }
    return kept
  }
  const opened = keep(
    await mapSome(files, (path, i) => openFile(path, inputsOf[i]![0]!, options)),
    (i) => files[i]!,
  )
  // Units are known by their paths: files whose addresses differ in the query alone would pass for one.
  const numbered = createNumbering()
  const open = opened.map((file) => ({
    ...file,
    source: { ...file.source, path: numbered(file.source.path) },
  }))
  const total = open.reduce((sum, { source }) => sum + (source.size ?? 0), 0)
  const { sample } = options
  const bytes = sample == null ? unitBytes(total) : stretchBytes(total, sample, unitBytes(total))
  const units = keep(
    await mapSome(open, (file) => unitsOf(file, options.textDocument, bytes)),
    (i) => open[i]!.source.path,
  )
  const all = units.flat()
  const tables =
    options.format === 'auto'
      ? open.filter(({ kind, source: { path } }) => kind.format === 'text' && TABLE.test(path))
      : []
  const [table] = tables
  return {
    units: sample == null ? all : drawUnits(all, sample),
    drawnFrom: all.length,
    stored: all.reduce<number | null>((n, { size }) => (n === null || size === null ? null : n + size), 0),
    paths: open.map(({ source }) => source.path),
    files: files.length,
    skipped,
    notes:
      table === undefined
        ? notes
        : [
            ...notes,
            `${table.source.path}${tables.length === 1 ? ' is' : ` and ${counted(tables.length - 1, 'more file', 'more files')} are`} read as plain text, not as a table; convert it, for example: duckdb -c "COPY (FROM 'IN.csv') TO 'OUT.parquet'" (--format text if text is meant)`,
          ],
  }
}
