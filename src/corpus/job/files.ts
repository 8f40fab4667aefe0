import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { AssayError, messageOf } from '../../core/errors.js'
import { reason } from '../../io/reason.js'
import { raise } from '../errors.js'
import { putS3 } from '../readers/s3.js'

/** What the operating system says of a file or folder that is to be written, as an error to act on. */
export function writeError(error: unknown, path: string): AssayError {
  if (error instanceof AssayError) return error
  const { code } = error as NodeJS.ErrnoException
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    /no space left|max_temp_directory_size|could not write all bytes/i.test(messageOf(error))
  )
    return raise('disk-full', 'no space is left on the device', { path }, error)
  return raise('cannot-write', reason(error, 'write'), { path }, error)
}

/** Make a folder, its parents included. @throws {AssayError} corpus/cannot-write, corpus/disk-full */
export function makeFolder(path: string): void {
  if (/^[a-z][a-z0-9+.-]+:\//i.test(path))
    throw raise('cannot-write', 'it is an address, expected a folder of a file system', { path })
  try {
    mkdirSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    // Not `recursive`: Node tries for ever where a folder refuses new ones with "no such file", as /proc does.
    const parent = dirname(path)
    if (code !== 'ENOENT' || existsSync(parent)) throw writeError(error, path)
    makeFolder(parent)
    makeFolder(path)
  }
}

/** Write all bytes into an open file. @throws {AssayError} corpus/cannot-write, corpus/disk-full */
export function writeAll(file: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  } catch (error) {
    throw writeError(error, path)
  }
}

/**
 * A file that is there whole or not at all, whatever happens on the way; written piece by piece. The disk is first asked at the first
 * piece.
 *
 * @throws {AssayError} corpus/cannot-write, corpus/disk-full, from each of its steps, after which nothing of it is left
 */
export class Draft {
  readonly #path: string
  readonly #draft: string
  #file = -1

  constructor(path: string) {
    this.#path = path
    this.#draft = `${path}.${process.pid}.draft`
  }

  append(bytes: Uint8Array): void {
    this.#try(() => {
      if (this.#file === -1) {
        makeFolder(dirname(this.#path))
        this.#file = openSync(this.#draft, 'w')
      }
      writeAll(this.#file, bytes, this.#path)
    })
  }

  /** @param isKept false for what is of no use once this process has ended: no disk is waited for then */
  commit(isKept: boolean): void {
    this.#try(() => {
      if (isKept) fsyncSync(this.#file)
      closeSync(this.#file)
      this.#file = -1
      renameSync(this.#draft, this.#path)
    })
  }

  abandon(): void {
    try {
      if (this.#file !== -1) closeSync(this.#file)
      this.#file = -1
      rmSync(this.#draft, { force: true })
    } catch {
      // What went wrong before matters, not that its remains cannot be removed either.
    }
  }

  #try(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.abandon()
      throw writeError(error, this.#path)
    }
  }
}

/** Write a file at once, as a {@link Draft}. */
export function writeWhole(path: string, bytes: Uint8Array, isKept = true): void {
  const draft = new Draft(path)
  draft.append(bytes)
  draft.commit(isKept)
}

/** `writeWhole`, or one PUT where the path is an `s3://` object. */
export async function writeAnywhere(path: string, bytes: Uint8Array): Promise<void> {
  if (path.startsWith('s3://')) await putS3(path, bytes)
  else writeWhole(path, bytes)
}
