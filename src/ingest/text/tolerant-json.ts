import { decimal } from './decimal.js'

/** A JSON value as trainers write it: NaN and infinities may stand where numbers do. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** What was read, and whether the text stopped before its end (what was whole is kept). */
export interface TolerantResult {
  readonly value: Json
  readonly cut: boolean
}

class End extends Error {}

const LITERALS: readonly (readonly [string, Json])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const BLANK = /\s*/y

/** Recursive-descent JSON that knows NaN and gives back what was whole when the text is cut. */
class Parser {
  private at = 0
  cut = false
  constructor(private readonly text: string) {}

  parse(): Json {
    return this.value(0)
  }

  private blank(): void {
    BLANK.lastIndex = this.at
    BLANK.test(this.text)
    this.at = BLANK.lastIndex
  }

  private fail(): never {
    if (this.at >= this.text.length) throw new End()
    throw new SyntaxError(`unexpected "${this.text.slice(this.at, this.at + 12)}" at character ${this.at}`)
  }

  private value(depth: number): Json {
    if (depth > 200) throw new SyntaxError(`nested deeper than 200 at character ${this.at}`)
    this.blank()
    const c = this.text[this.at]
    if (c === '{') return this.object(depth)
    if (c === '[') return this.array(depth)
    if (c === '"') return this.string()
    for (const [word, value] of LITERALS)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    NUMBER.lastIndex = this.at
    const match = NUMBER.exec(this.text)
    if (match === null) this.fail()
    this.at = NUMBER.lastIndex
    // A number at the very end may have lost digits.
    if (this.at >= this.text.length && depth > 0) throw new End()
    return Number(match[0])
  }

  private string(): string {
    const start = this.at
    for (let i = this.at + 1; i < this.text.length; i++) {
      if (this.text[i] === '\\') i++
      else if (this.text[i] === '"') {
        this.at = i + 1
        return JSON.parse(this.text.slice(start, this.at)) as string
      }
    }
    throw new End()
  }

  /** Members until the closing bracket; a cut inside a member drops that member and ends the list. */
  private members(close: string, member: () => void): void {
    this.at++
    try {
      this.blank()
      if (this.text[this.at] === close) {
        this.at++
        return
      }
      for (;;) {
        member()
        this.blank()
        const c = this.text[this.at]
        if (c === close) {
          this.at++
          return
        }
        if (c !== ',') this.fail()
        this.at++
      }
    } catch (error) {
      if (!(error instanceof End)) throw error
      this.cut = true
      this.at = this.text.length
    }
  }

  private array(depth: number): Json[] {
    const out: Json[] = []
    this.members(']', () => out.push(this.value(depth + 1)))
    return out
  }

  private object(depth: number): { [name: string]: Json } {
    const out: { [name: string]: Json } = {}
    this.members('}', () => {
      this.blank()
      if (this.text[this.at] !== '"') this.fail()
      const name = this.string()
      this.blank()
      if (this.text[this.at] !== ':') this.fail()
      this.at++
      out[name] = this.value(depth + 1)
    })
    return out
  }
}

/**
 * Parse JSON with bare NaN and ±Infinity, keeping the whole members of a text that is cut.
 * @throws {SyntaxError} with the character's place when it is no JSON
 */
export function parseTolerantJson(text: string): TolerantResult {
  try {
    return { value: JSON.parse(text) as Json, cut: false }
  } catch {
    const parser = new Parser(text)
    try {
      return { value: parser.parse(), cut: parser.cut }
    } catch (error) {
      // A text or a number of its own, outside of any list or object, is cut.
      if (error instanceof End) return { value: null, cut: true }
      throw error
    }
  }
}

/** A member that is a plain object, or undefined. */
export function asObject(value: Json | undefined): { [name: string]: Json } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}

/** A number, also from `"nan"`, `"1.5"` and friends; undefined for anything else. */
export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  return parseNumber(value)
}

const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
}

/** A number as tables write it, `nan` and `inf` included; undefined when the text is none. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const value = decimal(trimmed)
  if (!Number.isNaN(value)) return value
  return WORDS[trimmed.toLowerCase()]
}

/** A text that may be JSON; undefined where it is none. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
