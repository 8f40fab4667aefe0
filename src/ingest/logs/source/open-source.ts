import { stat } from 'node:fs/promises'
import type { LogSource } from '../../../core/index.js'
import { bytesAt, chunksOf, reason, unpackerOf } from '../../text/unpack.js'
import { raise } from '../errors.js'

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
 * Open a log for its readers; gzip, Zstandard and UTF-16 are seen by their first bytes and undone on the way.
 * @throws logs/unreadable, logs/empty
 */
export async function openSource(path: string): Promise<LogSource> {
  let size: number
  let magic: Uint8Array
  try {
    size = (await stat(path)).size
    magic = await bytesAt(path, 0, 4)
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
  if (magic.length === 0) throw raise('empty', 'the file has no bytes', { path })
  let damage: string | undefined
  const unpacked = unpackerOf(magic)
  if (unpacked !== undefined) {
    const report = (text: string): void => {
      damage = text
    }
    const head = await firstBytes(unpacked(path, report), HEAD)
    damage = undefined
    return { path, head, tail: new Uint8Array(0), stream: () => unpacked(path, report), damage: () => damage }
  }
  const head = await bytesAt(path, 0, HEAD)
  const tail = size > HEAD ? await bytesAt(path, Math.max(HEAD, size - TAIL), TAIL) : new Uint8Array(0)
  return {
    path,
    size,
    head,
    tail,
    stream: () => chunksOf(path),
    damage: () => undefined,
  }
}
