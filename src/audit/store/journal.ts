import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { fileError, raise } from '../errors.js'

/**
 * Append-only record of finished work, one JSON line an item, on disk before the next item starts. A process that
 * is killed loses at most the item in flight: a last line without its newline is cut off on reopening.
 */
export class Journal<Item> {
  readonly #path: string
  readonly #file: number
  readonly done: Map<string, Item>

  private constructor(path: string, file: number, done: Map<string, Item>) {
    this.#path = path
    this.#file = file
    this.done = done
  }

  /**
   * @param plan   hash of everything that the items depend on; resuming under another plan is refused
   * @param resume keep what is there; otherwise start empty
   */
  static open<Item>(path: string, plan: string, resume: boolean): Journal<Item> {
    try {
      mkdirSync(dirname(path), { recursive: true })
      if (!resume) rmSync(path, { force: true })
      const done = existsSync(path) ? readDone<Item>(path, plan) : new Map<string, Item>()
      const fresh = !existsSync(path)
      const file = openSync(path, 'a')
      const journal = new Journal<Item>(path, file, done)
      if (fresh) journal.#write({ plan })
      return journal
    } catch (error) {
      throw error instanceof Error && 'code' in error && 'syscall' in error
        ? fileError(error, path, 'write')
        : error
    }
  }

  record(key: string, item: Item): void {
    this.#write({ key, item })
    this.done.set(key, item)
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(line: object): void {
    try {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
      fsyncSync(this.#file)
    } catch (error) {
      throw fileError(error, this.#path, 'write')
    }
  }
}

/** Read whole lines, cut a torn tail off the file, and drop everything when not even the header is whole. */
function readDone<Item>(path: string, plan: string): Map<string, Item> {
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
  const lines = whole.split('\n').filter((line) => line !== '')
  const header = lines.shift()
  if (header === undefined) {
    rmSync(path)
    return new Map()
  }
  const done = new Map<string, Item>()
  try {
    if ((JSON.parse(header) as { plan: string }).plan !== plan)
      throw raise('other-plan', 'its model, texts, settings or seed differ from what is asked now', { path })
    for (const line of lines) {
      const { key, item } = JSON.parse(line) as { key: string; item: Item }
      done.set(key, item)
    }
  } catch (error) {
    if (error instanceof SyntaxError)
      throw raise('damaged-evidence', 'a whole line is not JSON', { path }, error)
    throw error
  }
  return done
}
