import { open } from 'node:fs/promises'
import { gunzip } from '../../io/gzip.js'
import { reason } from '../../io/reason.js'

export { reason }

const CHUNK = 1 << 20

export async function bytesAt(path: string, from: number, length: number): Promise<Uint8Array> {
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
export async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
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

/** Decompressed bytes until the archive ends or breaks; what broke is told by `report`, bytes that follow it are left out. */
async function* gunzipFile(path: string, report: (damage: string) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzip(
      () => chunksOf(path),
      () => {},
    )
  } catch (error) {
    report(`the gzip archive breaks off: ${reason(error)}`)
  }
}

/** Decompressed bytes until the archive ends or breaks. The decoder is loaded when it is needed only. */
async function* unzstdFile(path: string, report: (damage: string) => void): AsyncGenerator<Uint8Array> {
  const { unzstd } = await import('../../io/zstd.js')
  try {
    yield* unzstd(chunksOf(path))
  } catch (error) {
    report(`the zstd archive breaks off: ${reason(error)}`)
  }
}

/** UTF-16 text as UTF-8: PowerShell's `>` writes it. */
function utf16(encoding: 'utf-16le' | 'utf-16be'): Unpack {
  return async function* (path) {
    const decoder = new TextDecoder(encoding)
    const encoder = new TextEncoder()
    for await (const chunk of chunksOf(path)) yield encoder.encode(decoder.decode(chunk, { stream: true }))
  }
}

export type Unpack = (path: string, report: (damage: string) => void) => AsyncGenerator<Uint8Array>

/** The archive that a file is, by its first bytes: RFC 1952 (gzip), RFC 8878 (Zstandard, skippable frames included). */
export function archiveOf(magic: Uint8Array): Unpack | undefined {
  const [a, b, c, d] = magic
  if (a === 0x1f && b === 0x8b) return gunzipFile
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return unzstdFile
  return a >= 0x50 && a <= 0x5f && b === 0x2a && c === 0x4d && d === 0x18 ? unzstdFile : undefined
}

/** How a file is packed, by its first bytes: an archive, or UTF-16 by its mark. */
export function unpackerOf(magic: Uint8Array): Unpack | undefined {
  const [a, b] = magic
  if (a === 0xff && b === 0xfe) return utf16('utf-16le')
  if (a === 0xfe && b === 0xff) return utf16('utf-16be')
  return archiveOf(magic)
}

/**
 * The whole text of a file; gzip, Zstandard and UTF-16 are seen by their first bytes and undone, a byte-order mark left out.
 * @throws {Error} when the file cannot be read or its archive breaks off
 */
export async function readPackedText(path: string): Promise<string> {
  const unpack = unpackerOf(await bytesAt(path, 0, 4))
  let damage: string | undefined
  const report = (text: string): void => {
    damage = text
  }
  const decoder = new TextDecoder('utf-8')
  let text = ''
  for await (const chunk of unpack === undefined ? chunksOf(path) : unpack(path, report))
    text += decoder.decode(chunk, { stream: true })
  if (damage !== undefined) throw new Error(damage)
  return text + decoder.decode()
}
