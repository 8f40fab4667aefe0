import { messageOf } from '../errors.js'
import type { LineBlock } from './lines.js'
import { follow, waysTo } from './nested.js'
import type { Sink } from './unit.js'

const NEWLINE = 0x0a
const SPACES = new Set([0x20, 0x09, 0x0d])

function isBlank(bytes: Buffer, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (!SPACES.has(bytes[at]!)) return false
  return true
}

/** The text at a field of a row: a string, or a list of strings joined by line breaks; else why there is none. */
function textOf(
  value: unknown,
  ways: readonly (readonly string[])[],
): { text: string } | 'missing' | 'no string' {
  for (const way of ways) {
    const found = follow(value, way)
    if (found.length === 0) continue
    return found.every((part) => typeof part === 'string') ? { text: found.join('\n') } : 'no string'
  }
  return 'missing'
}

function reasonOf(value: unknown, column: string, found: 'missing' | 'no string'): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'the line is not a JSON object'
  return found === 'missing' ? `there is no field "${column}"` : `the field "${column}" is not a string`
}

/**
 * Documents of JSONL: the field `column` of every line, a string or a list of strings.
 *
 * A line without `\u` escapes is parsed as Latin-1: V8 then makes and reads one byte per byte, and writing the text back
 * as Latin-1 gives the very UTF-8 bytes that the line held. With such escapes the line is decoded as UTF-8.
 */
export class JsonlReader {
  readonly #column: string
  readonly #latin1Column: string
  readonly #ways: readonly (readonly string[])[]
  readonly #latin1Ways: readonly (readonly string[])[]
  readonly #sink: Sink
  #text = Buffer.allocUnsafe(1 << 16)
  readonly #from: number
  #line = 0

  /** @param from byte of the file at which reading begins, for messages */
  constructor(column: string, sink: Sink, from = 0) {
    this.#column = column
    this.#latin1Column = Buffer.from(column, 'utf8').toString('latin1')
    this.#ways = waysTo(column)
    this.#latin1Ways = waysTo(this.#latin1Column)
    this.#sink = sink
    this.#from = from
  }

  read({ bytes, end }: LineBlock): void {
    let unicodeEscape = bytes.indexOf('\\u')
    for (let begin = 0; begin < end; ) {
      const newline = bytes.indexOf(NEWLINE, begin)
      const lineEnd = newline === -1 || newline >= end ? end : newline
      this.#line++
      while (unicodeEscape !== -1 && unicodeEscape < begin) unicodeEscape = bytes.indexOf('\\u', begin)
      this.#readLine(bytes, begin, lineEnd, unicodeEscape !== -1 && unicodeEscape < lineEnd)
      begin = lineEnd + 1
    }
  }

  #readLine(bytes: Buffer, begin: number, end: number, isEscaped: boolean): void {
    const hasMark =
      this.#line === 1 && bytes[begin] === 0xef && bytes[begin + 1] === 0xbb && bytes[begin + 2] === 0xbf
    const from = hasMark ? begin + 3 : begin
    let value: unknown
    try {
      value = JSON.parse(bytes.toString(isEscaped ? 'utf8' : 'latin1', from, end))
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
    }
    this.#give(text as string, isEscaped)
  }

  #give(text: string, isEscaped: boolean): void {
    const capacity = isEscaped ? 3 * text.length : text.length
    if (this.#text.length < capacity) this.#text = Buffer.allocUnsafe(2 * capacity)
    const length = this.#text.write(text, 0, isEscaped ? 'utf8' : 'latin1')
    this.#sink.document(this.#text, 0, length)
  }

  #skip(reason: string): void {
    this.#sink.skip(reason, `line ${this.#line}${this.#from > 0 ? ` after byte ${this.#from}` : ''}`)
  }
}
