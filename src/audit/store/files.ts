import { createHash } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { fileError } from '../errors.js'

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Write whole or not at all: a reader sees the old file or the new one, never half of it. */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const part = `${path}.part`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(part, 'w')
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(part, path)
  } catch (error) {
    removeQuietly(part)
    throw fileError(error, path, 'write')
  }
}

export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw fileError(error, path, 'read')
  }
}

/** The error that led here matters, not that its remains cannot be removed either. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // The folder itself is gone or unwritable.
  }
}
