import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { glob } from 'tinyglobby'
import { AssayError } from '../../core/index.js'
import { messageOf, raise } from '../errors.js'
import type { Compression } from './decompress.js'
import { globToRegExp, isGlob, literalPrefix } from './glob.js'
import { readRowGroups } from './parquet.js'
import { listS3 } from './s3.js'
import { openSource, type Source } from './source.js'
import type { Format, Skipped, TextDocument, Unit } from './unit.js'

/** Large files are cut into units of about this many bytes in storage: a unit is what a crash can lose. */
export const UNIT_BYTES = 64 * 2 ** 20
const OPEN_AT_ONCE = 16

export interface PlanOptions {
  /** `auto` goes by the file's name, then by its first bytes. */
  readonly format: Format | 'auto'
  readonly textDocument: TextDocument
}

export interface Plan {
  readonly units: readonly Unit[]
  readonly files: number
  /** Files that could not be opened. */
  readonly skipped: readonly Skipped[]
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
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  }
  if (info !== undefined) return [input]
  if (!isGlob(input)) return [input]
  return (await glob(input, { absolute: input.startsWith('/'), dot: false })).sort()
}

/** Inputs as files, each once, in order. */
export async function expandInputs(inputs: readonly string[]): Promise<string[]> {
  const files = new Set<string>()
  for (const input of inputs) {
    const found = await expandOne(input)
    if (found.length === 0) throw raise('no-input', `nothing matches "${input}"`, { path: input })
    for (const path of found) files.add(path)
  }
  return [...files]
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
  const head = Buffer.from(await source.read(0, Math.min(64, source.size ?? 64)))
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'parquet', compression: null }
  if (head[0] === 0x1f && head[1] === 0x8b) return { format: 'jsonl', compression: 'gzip' }
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return { format: 'jsonl', compression: 'zstd' }
  const isObject = head.toString('latin1').trimStart().startsWith('{')
  return { format: isObject ? 'jsonl' : 'text', compression: named.compression }
}

/** Cut points over items of known bytes, so that each piece has about UNIT_BYTES. */
function cut(bytes: readonly number[]): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = []
  let from = 0
  let held = 0
  for (const [i, size] of bytes.entries()) {
    held += size
    if (held < UNIT_BYTES && i + 1 < bytes.length) continue
    pieces.push({ from, to: i + 1 })
    from = i + 1
    held = 0
  }
  return pieces
}

async function unitsOf(path: string, options: PlanOptions): Promise<Unit[]> {
  const source = await openSource(path)
  const kind = await kindOf(source, options)
  const whole: Unit = { path, ...kind, from: 0, to: null, size: source.size, version: source.version }
  const { size } = source
  if (size === null || size <= UNIT_BYTES || kind.compression !== null) return [whole]
  if (kind.format === 'parquet') {
    const groups = await readRowGroups(source)
    const total = groups.reduce((sum, group) => sum + group.bytes, 0)
    // Row groups tell their plain size; the share of the file is what counts here.
    const stored = groups.map((group) => (group.bytes / Math.max(1, total)) * size)
    return cut(stored).map(({ from, to }) => ({
      ...whole,
      from,
      to,
      size: Math.round(stored.slice(from, to).reduce((sum, bytes) => sum + bytes, 0)),
    }))
  }
  if (kind.format === 'text' && options.textDocument !== 'line') return [whole]
  const count = Math.ceil(size / UNIT_BYTES)
  return Array.from({ length: count }, (_, i) => {
    const from = i * UNIT_BYTES
    const to = i + 1 === count ? null : from + UNIT_BYTES
    return { ...whole, from, to, size: (to ?? size) - from }
  })
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
  const files = await expandInputs(inputs)
  const units: Unit[] = []
  const skipped: Skipped[] = []
  for (let from = 0; from < files.length; from += OPEN_AT_ONCE) {
    const batch = files.slice(from, from + OPEN_AT_ONCE)
    const results = await Promise.allSettled(batch.map((path) => unitsOf(path, options)))
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') units.push(...result.value)
      else {
        const reason = messageOf(result.reason)
        // A file that is not there, or a server that does not answer, is no corrupt file.
        if (result.reason instanceof AssayError) throw result.reason
        if (strict) throw raise('unreadable', reason, { path: batch[i]! })
        skipped.push({ path: batch[i]!, reason, documents: null, where: 'the file' })
      }
    }
  }
  return { units, files: files.length, skipped }
}
