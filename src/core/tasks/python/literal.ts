import { type PyValue, SPACE } from './value.js'

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

const WORDS: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ['True', true],
  ['False', false],
  ['None', null],
])

const NUMBER = /[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const WORD = /[A-Za-z_]\w*/y
const BLANKS = new RegExp(`[${SPACE}]*`, 'uy')
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Deeper lists are refused: nothing of a task is. */
const MAX_DEPTH = 20

class LiteralReader {
  private at = 0

  constructor(private readonly text: string) {}

  read(): PyValue {
    const value = this.value(0)
    if (this.at < this.text.length) throw this.fault('the end')
    return value
  }

  private fault(expected: string): SyntaxError {
    const found = this.text.slice(this.at, this.at + 20)
    return new SyntaxError(
      `expected ${expected} at character ${this.at}, found ${found === '' ? 'the end' : JSON.stringify(found)}`,
    )
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }

  private take(character: string): boolean {
    this.match(BLANKS)
    if (this.text[this.at] !== character) return false
    this.at++
    this.match(BLANKS)
    return true
  }

  private value(depth: number): PyValue {
    if (depth > MAX_DEPTH) throw this.fault(`lists at most ${MAX_DEPTH} deep`)
    this.match(BLANKS)
    const value = this.plain(depth)
    this.match(BLANKS)
    return value
  }

  private plain(depth: number): PyValue {
    if (this.take('[')) return this.items(']', depth).items
    if (this.take('(')) {
      const { items, comma } = this.items(')', depth)
      return items.length === 1 && !comma ? items[0]! : items
    }
    if (this.take('{')) return this.entries(depth)
    if (/['"]/.test(this.text[this.at] ?? '')) return this.texts()
    const number = this.match(NUMBER)
    if (number !== '') {
      if (/^[+-]?0\d/.test(number) && !/[.eE]/.test(number))
        throw this.fault('a number without leading zeros')
      return Number(number.replaceAll('_', ''))
    }
    const word = WORDS.get(this.match(WORD))
    if (word === undefined) throw this.fault('a text, number, list, mapping, True, False or None')
    return word
  }

  private items(end: string, depth: number): { items: PyValue[]; comma: boolean } {
    const items: PyValue[] = []
    let comma = false
    while (!this.take(end)) {
      if (items.length > 0 && !comma) throw this.fault(`"," or "${end}"`)
      items.push(this.value(depth + 1))
      comma = this.take(',')
    }
    return { items, comma }
  }

  private entries(depth: number): PyValue {
    const entries: [string, PyValue][] = []
    for (let comma = true; !this.take('}'); ) {
      if (!comma) throw this.fault('"," or "}"')
      const key = this.value(depth + 1)
      if (!this.take(':')) throw this.fault('":"')
      entries.push([String(key), this.value(depth + 1)])
      comma = this.take(',')
    }
    return Object.fromEntries(entries)
  }

  /** Texts that stand side by side are one. */
  private texts(): string {
    let text = ''
    while (/['"]/.test(this.text[this.at] ?? '')) {
      text += this.quoted()
      this.match(BLANKS)
    }
    return text
  }

  private quoted(): string {
    const quote = this.text[this.at]!
    const end = this.text.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote
    this.at += end.length
    let text = ''
    while (!this.text.startsWith(end, this.at)) {
      const character = this.text[this.at]
      if (character === undefined || (character === '\n' && end.length === 1))
        throw this.fault(`a closing ${quote}`)
      this.at++
      text += character === '\\' ? this.escape() : character
    }
    this.at += end.length
    return text
  }

  private escape(): string {
    const letter = this.text[this.at] ?? ''
    const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.at, this.at + 3))?.[0]
    if (octal !== undefined) {
      this.at += octal.length
      return String.fromCodePoint(Number.parseInt(octal, 8))
    }
    this.at++
    const digits = DIGITS[letter]
    if (digits === undefined) return ESCAPES[letter] ?? `\\${letter}`
    const code = this.text.slice(this.at, this.at + digits)
    const value = Number.parseInt(code, 16)
    if (code.length < digits || /[^0-9a-f]/i.test(code) || value > 0x10ffff)
      throw this.fault(`${digits} hexadecimal digits`)
    this.at += digits
    return String.fromCodePoint(value)
  }
}

/**
 * Python's `ast.literal_eval`: texts, numbers, lists, tuples (as lists), mappings, True, False, None.
 *
 * @throws {SyntaxError} where it is something else; the message says where
 */
export const parseLiteral = (text: string): PyValue => new LiteralReader(text).read()
