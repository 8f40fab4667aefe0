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

/** A value that an item depends on, as people read it; of what is long (texts, facts) how many and a hash. */
export type Setting = string | number | boolean | null

export type Settings = Readonly<Record<string, Setting>>

/** What a journal's items depend on, by name. */
export interface JournalHead {
  /** What changes an item's numbers: one that differs bars resuming. Threads and lanes change none and are left out. */
  readonly settings: Settings
  /** What was asked for and shows in the settings alone (seed, limit): named where it differs, bars nothing by itself. */
  readonly asked?: Settings
}

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
   * @param head   everything that the items depend on; resuming under other settings is refused
   * @param resume keep what is there; otherwise start empty
   */
  static open<Item>(path: string, head: JournalHead, resume: boolean): Journal<Item> {
    try {
      mkdirSync(dirname(path), { recursive: true })
      if (!resume) rmSync(path, { force: true })
      const done = existsSync(path) ? readDone<Item>(path, head) : new Map<string, Item>()
      const fresh = !existsSync(path)
      const file = openSync(path, 'a')
      const journal = new Journal<Item>(path, file, done)
      if (fresh) journal.#write(head)
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

/**
 * Refuse to resume what cannot be resumed before any work is done again. Compares the settings that are given alone, so
 * that it can be asked as soon as some of them are known; a journal that was never begun bars nothing.
 *
 * @throws {AssayError} audit/other-plan, with every setting that differs and both values
 */
export function requireSameSettings(path: string, head: JournalHead): void {
  if (!existsSync(path)) return
  const { lines } = readWhole(path)
  if (lines.length === 0) return
  try {
    compareHeads(path, JSON.parse(lines[0]) as Partial<JournalHead>, head)
  } catch (error) {
    throw notJson(error, path)
  }
}

function compareHeads(path: string, before: Partial<JournalHead>, now: JournalHead): void {
  if (before.settings === undefined)
    throw raise('other-plan', 'another version of Assay began it, with settings that this one cannot read', {
      path,
    })
  const decisive = differences(before.settings, now.settings)
  if (decisive.length === 0) return
  const told = [...differences(before.asked ?? {}, now.asked ?? {}), ...decisive]
  throw raise('other-plan', told.join('; '), { path })
}

function differences(before: Settings, now: Settings): string[] {
  return Object.keys(now)
    .filter((name) => (before[name] ?? null) !== now[name])
    .map((name) => `${name}: was ${shown(before[name] ?? null)}, now ${shown(now[name])}`)
}

const SHOWN_CHARACTERS = 40

function shown(value: Setting): string {
  const text = value === null ? 'none' : String(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}

function notJson(error: unknown, path: string): unknown {
  return error instanceof SyntaxError
    ? raise('damaged-evidence', 'a whole line is not JSON', { path }, error)
    : error
}

/** Lines that were written whole, and the bytes of a torn one after them. */
function readWhole(path: string): { lines: string[]; bytes: number; torn: boolean } {
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return {
    lines: whole.split('\n').filter((line) => line !== ''),
    bytes: Buffer.byteLength(whole),
    torn: whole.length < text.length,
  }
}

/** Read whole lines, cut a torn tail off the file, and drop everything when not even the header is whole. */
function readDone<Item>(path: string, head: JournalHead): Map<string, Item> {
  const { lines, bytes, torn } = readWhole(path)
  if (torn) truncateSync(path, bytes)
  const first = lines.shift()
  if (first === undefined) {
    rmSync(path)
    return new Map()
  }
  const done = new Map<string, Item>()
  try {
    compareHeads(path, JSON.parse(first) as Partial<JournalHead>, head)
    for (const line of lines) {
      const { key, item } = JSON.parse(line) as { key: string; item: Item }
      done.set(key, item)
    }
  } catch (error) {
    throw notJson(error, path)
  }
  return done
}
