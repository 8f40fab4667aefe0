import { stat } from 'node:fs/promises'
import type { LogSource } from '../../../core/index.js'
import { bytesAt, chunksOf, reason, unpackerOf } from '../../text/unpack.js'
import { raise } from '../errors.js'
import { metricsOf } from './metric-folder.js'

const HEAD = 256 * 1024
const TAIL = 64 * 1024

async function firstBytes(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    parts.push(chunk.slice())
    length += chunk.length
    if (length >= limit) break
  }
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out.subarray(0, limit)
}

/**
 * Bytes that a gzip archive unpacks to, by its last four (RFC 1952, 2.3.1): of its last member, modulo 2³². undefined where that
 * cannot be, for text does not grow by packing.
 */
async function sizeOfGzip(path: string, magic: Uint8Array, packed: number): Promise<number | undefined> {
  if (magic[0] !== 0x1f || magic[1] !== 0x8b || packed < 8) return undefined
  const last = await bytesAt(path, packed - 4, 4)
  const size = new DataView(last.buffer, last.byteOffset).getUint32(0, true)
  return size > packed ? size : undefined
}

/** Archives that are not undone here, by their first bytes, with what undoes them. */
const PACKED: readonly { first: readonly number[]; by: string; unpack: (path: string) => string }[] = [
  { first: [0xfd, 0x37, 0x7a, 0x58], by: 'xz', unpack: (path) => `xz -dc ${path}` },
  { first: [0x42, 0x5a, 0x68], by: 'bzip2', unpack: (path) => `bzip2 -dc ${path}` },
  { first: [0x50, 0x4b, 0x03, 0x04], by: 'zip', unpack: (path) => `unzip -p ${path}` },
  { first: [0x04, 0x22, 0x4d, 0x18], by: 'lz4', unpack: (path) => `lz4 -dc ${path}` },
]

async function wholeStream(path: string, stream: () => AsyncIterable<Uint8Array>): Promise<LogSource> {
  const head = await firstBytes(stream(), HEAD)
  return { path, head, tail: new Uint8Array(0), stream, damage: () => undefined }
}

/**
 * Open a log for its readers; gzip, Zstandard and UTF-16 are seen by their first bytes and undone on the way.
 *
 * @param file holds its bytes, where `path` names a stream
 * @throws logs/unreadable, logs/empty, logs/packed
 */
export async function openSource(path: string, file: string = path): Promise<LogSource> {
  let size: number
  let magic: Uint8Array
  try {
    const found = await stat(file)
    // A folder that was given as a file holds a file a metric.
    if (found.isDirectory()) return wholeStream(path, () => metricsOf(file))
    size = found.size
    magic = await bytesAt(file, 0, 4)
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
  if (magic.length === 0) throw raise('empty', 'the file has no bytes', { path })
  const packing = PACKED.find(({ first }) => first.every((byte, i) => magic[i] === byte))
  if (packing !== undefined)
    throw raise(
      'packed',
      `it is packed by ${packing.by}; \`${packing.unpack(path)} | assay curve -\` reads it`,
      { path },
    )
  let damage: string | undefined
  const unpacked = unpackerOf(magic)
  if (unpacked !== undefined) {
    const report = (text: string): void => {
      damage = text
    }
    const head = await firstBytes(unpacked(file, report), HEAD)
    const unpackedSize = await sizeOfGzip(file, magic, size)
    return {
      path,
      ...(unpackedSize === undefined ? {} : { size: unpackedSize }),
      head,
      tail: new Uint8Array(0),
      stream: () => unpacked(file, report),
      damage: () => damage,
    }
  }
  const head = await bytesAt(file, 0, HEAD)
  const tail = size > HEAD ? await bytesAt(file, Math.max(HEAD, size - TAIL), TAIL) : new Uint8Array(0)
  return {
    path,
    size,
    head,
    tail,
    stream: () => chunksOf(file),
    damage: () => undefined,
  }
}
