import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { LogSource } from '../../core/index.js'
import { raise } from './errors.js'

const HEAD = 256 * 1024
const TAIL = 64 * 1024
const CHUNK = 1 << 20

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function bytesAt(path: string, from: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const buffer = new Uint8Array(length)
    const { bytesRead } = await file.read(buffer, 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** A file's bytes, in one buffer that is filled again and again: a chunk is valid until the next is asked for. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const buffer = new Uint8Array(CHUNK)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Decompressed bytes until the archive ends or breaks; what broke is told by `report`. */
async function* gunzip(path: string, report: (damage: string) => void): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: CHUNK }).pipe(createGunzip({ chunkSize: CHUNK }))
  try {
    yield* stream
  } catch (error) {
    report(`the gzip archive breaks off: ${reason(error)}`)
  }
}

async function firstBytes(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    parts.push(chunk)
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
 * Open a log for its readers; gzip is seen by its magic number and undone on the way.
 * @throws logs/unreadable, logs/empty
 */
export async function openSource(path: string): Promise<LogSource> {
  let size: number
  let magic: Uint8Array
  try {
    size = (await stat(path)).size
    magic = await bytesAt(path, 0, 2)
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
  if (magic.length === 0) throw raise('empty', 'the file has no bytes', { path })
  let damage: string | undefined
  if (magic[0] === 0x1f && magic[1] === 0x8b) {
    const report = (text: string): void => {
      damage = text
    }
    const head = await firstBytes(gunzip(path, report), HEAD)
    damage = undefined
    return { path, head, tail: new Uint8Array(0), stream: () => gunzip(path, report), damage: () => damage }
  }
  const head = await bytesAt(path, 0, HEAD)
  const tail = size > HEAD ? await bytesAt(path, Math.max(HEAD, size - TAIL), TAIL) : new Uint8Array(0)
  return {
    path,
    head,
    tail,
    stream: () => chunksOf(path),
    damage: () => undefined,
  }
}
