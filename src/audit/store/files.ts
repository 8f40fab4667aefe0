import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileError, raise } from '../errors.js'

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

const READ_ONLY: Readonly<Record<string, string>> = {
  EROFS: 'it lies on a file system that is mounted read-only',
  EACCES: 'you may not write there (permission denied)',
  EPERM: 'you may not write there (operation not permitted)',
}

/**
 * Make a folder and try to write in it, so that hours of work are not done for nothing.
 *
 * @throws {AssayError} audit/read-only-folder, audit/cannot-write, audit/disk-full
 */
export function requireWritableFolder(folder: string): void {
  let standing = folder
  while (!existsSync(standing)) standing = dirname(standing)
  try {
    // In what stands already, first: making folders in it fails with the wrong reason (Node says ENOENT for EROFS).
    tryWriting(standing)
    if (standing !== folder) mkdirSync(folder, { recursive: true })
  } catch (error) {
    const why = READ_ONLY[(error as NodeJS.ErrnoException).code ?? '']
    if (why !== undefined) throw raise('read-only-folder', why, { path: folder }, error)
    throw fileError(error, folder, 'write')
  }
}

function tryWriting(folder: string): void {
  const trial = join(folder, `.assay-${process.pid}.part`)
  try {
    writeFileSync(trial, '')
  } finally {
    removeQuietly(trial)
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
