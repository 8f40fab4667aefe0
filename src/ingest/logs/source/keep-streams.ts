import { createReadStream, fstatSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isatty } from 'node:tty'
import { AssayError } from '../../../core/index.js'
import { reason } from '../../text/unpack.js'
import { raise } from '../errors.js'

/** Standard input by its names: `-` whatever it is, the others where it is no file that can be opened anew. */
const STANDARD_INPUT: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])

/** Whether a path names standard input, by whichever name. */
export const isStandardInput = (path: string): boolean => STANDARD_INPUT.has(path)

/** Streams that were read to their end into files: a log is looked at more than once, and a stream is gone when it is read. */
export interface KeptStreams {
  /** The file that holds what a path names: the path itself, unless that is a stream. */
  fileOf(path: string): string
  /** Give up the files. */
  remove(): void
}

/** Whether a path names what can be read once only: `-`, or a pipe as `<(zcat log.gz)` is one. */
export function isStream(path: string): boolean {
  if (path === '-') return true
  return STANDARD_INPUT.has(path)
    ? !fstatSync(0).isFile()
    : statSync(path, { throwIfNoEntry: false })?.isFIFO() === true
}

function open(path: string): NodeJS.ReadableStream {
  if (!STANDARD_INPUT.has(path)) return createReadStream(path)
  const input = fstatSync(0)
  const isEndless = input.isCharacterDevice() && !isatty(0)
  if (isEndless || input.isDirectory())
    throw raise('unreadable', `standard input is a ${isEndless ? 'device' : 'folder'}, no log`, { path })
  return createReadStream('', { fd: 0, autoClose: false })
}

/** Streams that are being read into files, as they come in. */
export interface GrowingStreams extends KeptStreams {
  /** Settles when all of them have ended; rejects with logs/unreadable. */
  readonly ended: Promise<void>
}

/**
 * Begin to read the streams among some paths into files, which grow as the streams do.
 * @throws logs/unreadable
 */
export function growStreams(paths: readonly string[]): GrowingStreams {
  const files = new Map<string, string>()
  const reading: Promise<void>[] = []
  let folder: string | undefined
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
  for (const path of new Set(paths.filter(isStream)))
    try {
      const stream = open(path)
      folder ??= mkdtempSync(join(tmpdir(), 'assay-stream-'))
      const file = join(folder, String(files.size))
      writeFileSync(file, '')
      files.set(path, file)
      reading.push(
        writeFile(file, stream).catch((error: unknown) => {
          throw raise('unreadable', reason(error), { path }, error)
        }),
      )
    } catch (error) {
      remove()
      throw error instanceof AssayError ? error : raise('unreadable', reason(error), { path }, error)
    }
  const ended = Promise.all(reading).then(() => undefined)
  // Whoever waits for it hears of it; nobody needs to.
  ended.catch(() => undefined)
  return { fileOf: (path) => files.get(path) ?? path, remove, ended }
}

/**
 * Read the streams among some paths to their end.
 *
 * @throws logs/unreadable
 */
export async function keepStreams(paths: readonly string[]): Promise<KeptStreams> {
  const streams = growStreams(paths)
  try {
    await streams.ended
  } catch (error) {
    streams.remove()
    throw error
  }
  return streams
}
