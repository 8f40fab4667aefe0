import { key, type LogLine } from '../lines/line.js'

const QUOTE = 34
const COMMA = 44
const SLASH = 47
const COLON = 58
const LIST = 91
const BACKSLASH = 92
const LIST_END = 93
const OPEN = 123
const CLOSE = 125

/** What a known key's value goes to; −1 = passed over. */
interface KnownKey {
  readonly name: Uint8Array
  readonly slot: number
}

const WORDS = [key('null'), key('true'), key('false')]
const encoder = new TextEncoder()
const NO_PREFIX = key('')

/**
 * Reads one-line JSON objects (`{"step": 1, "train": {"loss": 2.5}}`) without building them: numbers of known keys
 * land in `values`, by slot; a member of an inner object is known as `outer/inner`. Everything unusual (objects two
 * deep, escapes, a key not seen before, a word where a number is wanted) is left to the full parser.
 */
export class FlatJson {
  readonly values: Float64Array
  readonly found: Uint8Array
  private keys: KnownKey[] = []
  /** Where the search for the next key begins: behind the last one, as in the line before. */
  private hint = 0

  constructor(readonly slots: number) {
    this.values = new Float64Array(slots)
    this.found = new Uint8Array(slots)
  }

  /** Tell which slot each key fills; keys without one are known and passed over. */
  learn(slotOf: ReadonlyMap<string, number>, names: Iterable<string>): void {
    this.keys = [...names].map((name) => ({ name: encoder.encode(name), slot: slotOf.get(name) ?? -1 }))
  }

  /** @returns whether the line was read whole; false leaves it to the full parser */
  read(line: LogLine): boolean {
    this.found.fill(0)
    this.hint = 0
    const at = line.skipBlanks(line.from)
    if (line.bytes[at] !== OPEN) return false
    const end = this.members(line, at + 1, NO_PREFIX)
    return end >= 0 && line.skipBlanks(end) >= line.to
  }

  /** Read members up to the closing brace. @returns the index behind it, −1 when the full parser is needed */
  private members(line: LogLine, from: number, prefix: Uint8Array): number {
    const { bytes, to } = line
    let i = line.skipBlanks(from)
    if (i < to && bytes[i] === CLOSE) return i + 1
    for (;;) {
      if (i >= to || bytes[i] !== QUOTE) return -1
      const start = ++i
      while (i < to && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++
      if (i >= to || bytes[i] !== QUOTE) return -1
      const end = i
      i = line.skipBlanks(i + 1)
      if (i >= to || bytes[i] !== COLON) return -1
      i = line.skipBlanks(i + 1)
      if (bytes[i] === OPEN) {
        if (prefix.length > 0) return -1
        i = this.members(line, i + 1, bytes.subarray(start, end))
      } else {
        const known = this.keyAt(line, start, end, prefix)
        if (known < 0) return -1
        this.hint = known + 1
        i = this.value(line, i, this.keys[known].slot)
      }
      if (i < 0) return -1
      i = line.skipBlanks(i)
      if (i >= to) return -1
      if (bytes[i] === CLOSE) return i + 1
      if (bytes[i] !== COMMA) return -1
      i = line.skipBlanks(i + 1)
    }
  }

  private matches(line: LogLine, from: number, to: number, prefix: Uint8Array, name: Uint8Array): boolean {
    const { bytes } = line
    const inner = prefix.length === 0 ? 0 : prefix.length + 1
    if (to - from + inner !== name.length) return false
    for (let i = inner; i < name.length; i++) if (bytes[from + i - inner] !== name[i]) return false
    if (inner === 0) return true
    for (let i = 0; i < prefix.length; i++) if (prefix[i] !== name[i]) return false
    return name[inner - 1] === SLASH
  }

  /** Index of the key, tried first where the last line had it. */
  private keyAt(line: LogLine, from: number, to: number, prefix: Uint8Array): number {
    const { keys, hint } = this
    if (hint < keys.length && this.matches(line, from, to, prefix, keys[hint].name)) return hint
    for (let k = 0; k < keys.length; k++) if (this.matches(line, from, to, prefix, keys[k].name)) return k
    return -1
  }

  /** Read or pass over one value; −1 for anything that is no number, plain string, word or list. */
  private value(line: LogLine, at: number, slot: number): number {
    const { bytes, to } = line
    const c = bytes[at]
    if (at >= to) return -1
    if (c === QUOTE) return slot < 0 ? this.stringEnd(line, at) : -1
    if (c === LIST) return slot < 0 ? this.listEnd(line, at) : -1
    if (slot >= 0 && line.read(at, false)) {
      this.values[slot] = line.value
      this.found[slot] = 1
      return line.next
    }
    // Nothing for the column; any other word is left to the full parser.
    const word = WORDS.find((w) => line.standsAt(w, at))
    if (word !== undefined) return at + word.length
    return slot < 0 && line.read(at, false) ? line.next : -1
  }

  private stringEnd(line: LogLine, at: number): number {
    const { bytes, to } = line
    for (let i = at + 1; i < to; i++) {
      if (bytes[i] === QUOTE) return i + 1
      if (bytes[i] === BACKSLASH) return -1
    }
    return -1
  }

  private listEnd(line: LogLine, at: number): number {
    const { bytes, to } = line
    let depth = 0
    for (let i = at; i < to; i++) {
      if (bytes[i] === QUOTE) {
        i = this.stringEnd(line, i) - 1
        if (i < 0) return -1
      } else if (bytes[i] === LIST) depth++
      else if (bytes[i] === LIST_END && --depth === 0) return i + 1
    }
    return -1
  }
}
