import { messageOf } from '../../core/errors.js'
import { JsonText } from './json-text.js'
import type { LineBlock } from './lines.js'
import { follow, labelAt, waysTo } from './nested.js'
import type { Labels, Sink } from './unit.js'

const [NEWLINE, SPACE] = [0x0a, 0x20]
const [QUOTE, COLON, OPEN, CLOSE] = [0x22, 0x3a, 0x7b, 0x7d]
const SPACES = new Set([0x20, 0x09, 0x0d])

function isBlank(bytes: Buffer, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (!SPACES.has(bytes[at]!)) return false
  return true
}

/** What is done with a list of strings, in words. */
export const JOINED = 'the text is a list of strings, joined by line breaks'

/** Whether a file begins as one array of objects, which is no JSON Lines. */
export function isJsonArray(head: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*\[\s*\{/.test(Buffer.from(head).toString('latin1'))
}

/** Whether a file begins as one object over several lines: a record by itself. */
export function isSpreadObject(head: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*\{[ \t\r]*\n\s*["}]/.test(Buffer.from(head).toString('latin1'))
}

/** More is no record of one text. */
const MOST_SPREAD = 1 << 26

/**
 * The blocks of a file, on one line where they are one object over several: a line break that is written as one stands
 * between values.
 */
export async function* recordsOnLines(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [isFirst, length] = [true, 0]
  let spread: Buffer[] | undefined
  for await (const block of blocks) {
    if (isFirst && isSpreadObject(block)) spread = []
    isFirst = false
    if (spread === undefined) {
      yield block
      continue
    }
    length += block.length
    if (length <= MOST_SPREAD) spread.push(Buffer.from(block))
  }
  if (spread === undefined) return
  const whole = Buffer.concat(spread)
  if (length > MOST_SPREAD || !isJson(whole))
    throw new Error(
      'it begins as a JSON object over several lines, and is cut off, or holds several; convert these, for example: jq -c . IN > OUT',
    )
  for (let at = whole.indexOf(NEWLINE); at !== -1; at = whole.indexOf(NEWLINE, at + 1)) whole[at] = SPACE
  yield whole
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
    return true
  } catch {
    return false
  }
}

/** The text at a field of a row: a string, or a list of strings joined by line breaks; else why there is none. */
function textOf(
  value: unknown,
  ways: readonly (readonly string[])[],
): { text: string; isList: boolean } | 'missing' | 'no string' {
  for (const way of Array.isArray(value) ? [] : ways) {
    const all = follow(value, way)
    const texts = all.filter((part) => part !== null)
    if (all.length === 0) continue
    // An element of a list may be null, as in Parquet.
    const found = texts.length === 0 ? all : texts
    return found.every((part) => typeof part === 'string')
      ? { text: found.join('\n'), isList: found.length > 1 }
      : 'no string'
  }
  return 'missing'
}

function reasonOf(value: unknown, column: string, found: 'missing' | 'no string'): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'the line is not a JSON object'
  return found === 'missing' ? `there is no field "${column}"` : `the field "${column}" is not a string`
}

/** JSON whose long integers are strings, as they are written: as numbers they lose digits. */
function keepDigits(json: string): string {
  if (!/\d{16}/.test(json)) return json
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (part) =>
    /^-?[1-9]\d{15,}$/.test(part) ? `"${part}"` : part,
  )
}

/** Longer blocks (lines of that length) are read by JSON.parse alone: memory of WebAssembly does not shrink. */
const MOST_BLOCK = 1 << 27
let shared: JsonText | undefined

/**
 * Documents of JSONL: the field `column` of every line, a string or a list of strings.
 *
 * A line that holds the field's name once is read where it stands ({@link JsonText}), and the rest of the line parsed without it. All
 * other lines are parsed whole: as Latin-1 where they have no `\u` escapes, since V8 then makes and reads one byte per byte and writing
 * the text back as Latin-1 gives the very UTF-8 bytes that the line held; else as UTF-8.
 */
export class JsonlReader {
  readonly #column: string
  readonly #latin1Column: string
  readonly #ways: readonly (readonly string[])[]
  readonly #latin1Ways: readonly (readonly string[])[]
  readonly #labels: readonly string[]
  readonly #name: Buffer
  readonly #sink: Sink
  #text = Buffer.allocUnsafe(1 << 16)
  readonly #from: number
  #line = 0
  /** The next `\u` of the block; −1 = none, −2 = not looked for. */
  #escape = -2

  /** @param from byte of the file at which reading begins, for messages */
  constructor(column: string, sink: Sink, from = 0, labels: readonly string[] = []) {
    this.#column = column
    this.#latin1Column = Buffer.from(column, 'utf8').toString('latin1')
    this.#ways = waysTo(column)
    this.#latin1Ways = waysTo(this.#latin1Column)
    this.#labels = labels
    this.#name = Buffer.from(JSON.stringify(column))
    this.#sink = sink
    this.#from = from
  }

  read({ bytes, end }: LineBlock): void {
    shared ??= new JsonText()
    this.#escape = -2
    const json = end <= MOST_BLOCK ? shared : undefined
    json?.load(bytes, end)
    let name = json === undefined ? -1 : bytes.indexOf(this.#name)
    for (let begin = 0; begin < end; ) {
      const newline = bytes.indexOf(NEWLINE, begin)
      const lineEnd = newline === -1 || newline >= end ? end : newline
      this.#line++
      while (name !== -1 && name < begin) name = bytes.indexOf(this.#name, begin)
      const isNamed = json !== undefined && name !== -1 && name < lineEnd
      if (!isNamed || !this.#readNamed(json, bytes, begin, name, lineEnd))
        this.#readLine(bytes, begin, lineEnd)
      begin = lineEnd + 1
    }
  }

  /** Read a line whose field's name stands at `name`; false where it has to be parsed whole. */
  #readNamed(json: JsonText, bytes: Buffer, begin: number, name: number, end: number): boolean {
    let from = name + this.#name.length
    while (SPACES.has(bytes[from]!)) from++
    if (bytes[from++] !== COLON) return false
    while (SPACES.has(bytes[from]!)) from++
    if (bytes[from++] !== QUOTE) return false
    const to = json.read(from, end)
    if (to === -1) return false
    const isAlone = name === begin + 1 && bytes[begin] === OPEN && to + 1 === end && bytes[to] === CLOSE
    const row = isAlone
      ? {}
      : this.#around(bytes.toString('latin1', begin, name), bytes.toString('latin1', to, end))
    if (row === undefined) return false
    this.#sink.document(json.bytes, json.begin, json.end, this.#labelsOf(row, false))
    return true
  }

  /** A line as an object whose field stands between these two parts of it; undefined where another has the name. */
  #around(head: string, tail: string): object | undefined {
    const name = this.#name.toString('latin1')
    // An escaped name may be the same one.
    if (head.includes('\\u') || tail.includes('\\u') || tail.includes(name)) return undefined
    try {
      const line = `${head}${name}:0${tail}`
      const value = JSON.parse(this.#labels.length === 0 ? line : keepDigits(line)) as Readonly<
        Record<string, unknown>
      >
      return value[this.#latin1Column] === 0 ? value : undefined
    } catch {
      return undefined
    }
  }

  #labelsOf(row: unknown, isEscaped: boolean): Labels | undefined {
    if (this.#labels.length === 0) return undefined
    const recode = (text: string, from: BufferEncoding, to: BufferEncoding): string =>
      isEscaped ? text : Buffer.from(text, from).toString(to)
    return this.#labels.map((label) =>
      recode(labelAt(row, waysTo(recode(label, 'utf8', 'latin1'))), 'latin1', 'utf8'),
    )
  }

  #readLine(bytes: Buffer, begin: number, end: number): void {
    const hasMark =
      this.#line === 1 && bytes[begin] === 0xef && bytes[begin + 1] === 0xbb && bytes[begin + 2] === 0xbf
    const from = hasMark ? begin + 3 : begin
    if (this.#escape !== -1 && this.#escape < from) this.#escape = bytes.indexOf('\\u', from)
    const isEscaped = this.#escape !== -1 && this.#escape < end
    const line = bytes.toString(isEscaped ? 'utf8' : 'latin1', from, end)
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      if (!isBlank(bytes, from, end))
        this.#skip(`the line is not JSON: ${messageOf(error).replace(/ at position.*| in JSON.*/s, '')}`)
      return
    }
    const column = isEscaped ? this.#column : this.#latin1Column
    let text = (value as Readonly<Record<string, unknown>> | null)?.[column]
    if (typeof text !== 'string') {
      const found = textOf(value, isEscaped ? this.#ways : this.#latin1Ways)
      if (typeof found === 'string') {
        this.#skip(reasonOf(value, this.#column, found))
        return
      }
      text = found.text
      if (found.isList) this.#sink.remark?.(JOINED, this.#where())
    }
    const row = this.#labels.length === 0 ? value : JSON.parse(keepDigits(line))
    this.#give(text as string, isEscaped, this.#labelsOf(row, isEscaped))
  }

  #give(text: string, isEscaped: boolean, labels: Labels | undefined): void {
    const capacity = isEscaped ? 3 * text.length : text.length
    if (this.#text.length < capacity) this.#text = Buffer.allocUnsafe(2 * capacity)
    const length = this.#text.write(text, 0, isEscaped ? 'utf8' : 'latin1')
    this.#sink.document(this.#text, 0, length, labels)
  }

  #skip(reason: string): void {
    this.#sink.skip(reason, this.#where())
  }

  #where(): string {
    return `line ${this.#line}${this.#from > 0 ? ` after byte ${this.#from}` : ''}`
  }
}
