import { SPACE } from './value.js'

const WORD = '\\p{L}\\p{N}_'

/** What an escape stands for outside a class and inside one; null where that cannot be written. */
const ESCAPES: Readonly<Record<string, readonly [string, string | null]>> = {
  d: ['\\p{Nd}', '\\p{Nd}'],
  D: ['\\P{Nd}', '\\P{Nd}'],
  w: [`[${WORD}]`, WORD],
  W: [`[^${WORD}]`, null],
  s: [`[${SPACE}]`, SPACE],
  S: [`[^${SPACE}]`, null],
  A: ['(?<![\\s\\S])', null],
  Z: ['(?![\\s\\S])', null],
  a: ['\\x07', '\\x07'],
  b: ['\\b', '\\b'],
  B: ['\\B', null],
}

const KEPT = /[nrtfvxu0-9^$\\.*+?()[\]{}|/]/

/** Reads a pattern from left to right; every reader returns what it makes of the characters that it takes. */
class PatternReader {
  private at = 0

  constructor(private readonly source: string) {}

  read(): string {
    let out = ''
    while (this.at < this.source.length) out += this.next()
    return out
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.source)
    if (match !== null) this.at += match[0].length
    return match
  }

  private next(): string {
    if (this.take(/\(\?P</y)) return '(?<'
    const named = this.take(/\(\?P=(\w+)\)/y)
    if (named !== null) return `\\k<${named[1]}>`
    if (this.take(/\(\?(?![:=!]|<[=!])/y))
      throw new SyntaxError(`a group "(?…" at ${this.at - 2} has no counterpart here`)
    const times = this.take(/\{(\d*)(,?)(\d*)\}/y)
    if (times !== null && times[0].length > 2 && times[0] !== '{,}')
      return `{${times[1] || '0'}${times[2]}${times[3]}}`
    if (times !== null) return times[0].replace(/[{}]/g, '\\$&')
    const character = this.source[this.at++]!
    switch (character) {
      case '\\':
        return this.escape(0)
      case '[':
        return this.characters()
      case '.':
        return '[^\\n]'
      case '$':
        return '(?=\\n?(?![\\s\\S]))'
      case '{':
      case '}':
      case ']':
        return `\\${character}`
      default:
        return character
    }
  }

  private escape(inClass: 0 | 1): string {
    const letter = this.source[this.at++] ?? ''
    const known = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter]![inClass] : undefined
    if (known !== undefined && known !== null) return known
    if (KEPT.test(letter) || (inClass === 1 && letter === '-')) return `\\${letter}`
    if (letter === '' || /[A-Za-z]/.test(letter)) throw new SyntaxError(`\\${letter} has no counterpart here`)
    return letter
  }

  /** A class: its first `]` is a character, and so is every `[`. */
  private characters(): string {
    let out = `[${this.take(/\^/y)?.[0] ?? ''}`
    if (this.take(/\]/y)) out += '\\]'
    for (;;) {
      const character = this.source[this.at++]
      if (character === undefined) throw new SyntaxError('a class "[…" does not end')
      if (character === ']') return `${out}]`
      out += character === '\\' ? this.escape(1) : character === '[' ? '\\[' : character
    }
  }
}

/**
 * A pattern of Python's `re` as one of JavaScript's under the flag `u`: classes by Unicode, `.` without the line end alone,
 * `$` before a last line end, characters that need no escape and those that need one. `\b` knows ASCII words only.
 *
 * @throws {SyntaxError} for what has no counterpart (inline flags, `\N`), and for what is no pattern
 */
export function javascriptPattern(python: string): string {
  const source = new PatternReader(python).read()
  new RegExp(source, 'gu')
  return source
}
