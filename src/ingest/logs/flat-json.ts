import type { LogLine } from './line.js'

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const LIST = 91
const SPACE = 32

/** What a known key's value goes to; −1 = passed over. */
interface KnownKey {
  readonly name: Uint8Array
  readonly slot: number
}

const encoder = new TextEncoder()

/**
 * Reads flat one-line JSON objects (`{"step": 1, "loss": 2.5}`) without building them: numbers of known keys land
 * in `values`, by slot. Everything unusual (nested values, escapes, a key not seen before, a string where a number
 * is wanted) is left to the full parser.
 */
export class FlatJson {
  readonly values: Float64Array
  readonly found: Uint8Array
  private keys: KnownKey[] = []

  constructor(readonly slots: number) {
    this.values = new Float64Array(slots)
    this.found = new Uint8Array(slots)
  }

  /** Tell which slot each key fills; keys without one are known and passed over. */
  learn(slotOf: ReadonlyMap<string, number>, names: Iterable<string>): void {
    this.keys = [...names].map((name) => ({ name: encoder.encode(name), slot: slotOf.get(name) ?? -1 }))
  }

  private matches(line: LogLine, from: number, to: number, name: Uint8Array): boolean {
    if (to - from !== name.length) return false
    for (let i = 0; i < name.length; i++) if (line.bytes[from + i] !== name[i]) return false
    return true
  }

  /** Index of the key, tried first where the last line had it. */
  private keyAt(line: LogLine, from: number, to: number, hint: number): number {
    const { keys } = this
    if (hint < keys.length && this.matches(line, from, to, keys[hint].name)) return hint
    for (let k = 0; k < keys.length; k++) if (this.matches(line, from, to, keys[k].name)) return k
    return -1
  }

  /** @returns whether the line was read whole; false leaves it to the full parser */
  read(line: LogLine): boolean {
    const { bytes, to } = line
    this.found.fill(0)
    let i = line.skipBlanks(line.from)
    if (bytes[i] !== OPEN) return false
    i++
    for (let hint = 0; ; hint++) {
      while (i < to && bytes[i] === SPACE) i++
      if (bytes[i] === CLOSE && i < to) return line.skipBlanks(i + 1) >= to
      if (bytes[i] !== QUOTE) return false
      const start = ++i
      while (i < to && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++
      if (i >= to || bytes[i] !== QUOTE) return false
      const known = this.keyAt(line, start, i, hint)
      if (known < 0) return false
      hint = known
      i = line.skipBlanks(i + 1)
      if (bytes[i] !== COLON) return false
      i = this.value(line, line.skipBlanks(i + 1), this.keys[known].slot)
      if (i < 0) return false
      if (bytes[i] === COMMA) i++
    }
  }

  /** Read or pass over one value; −1 for anything that is no plain number, string or word. */
  private value(line: LogLine, at: number, slot: number): number {
    const { bytes, to } = line
    const c = bytes[at]
    if (c === OPEN || c === LIST || at >= to) return -1
    if (slot >= 0) {
      if (c === QUOTE) return -1
      if (line.read(at)) {
        this.values[slot] = line.value
        this.found[slot] = 1
        return this.behind(line, line.next)
      }
      // null, true, false: nothing for the column.
    }
    let i = at
    if (c === QUOTE) {
      for (i++; i < to && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) return -1
      return this.behind(line, i + 1)
    }
    while (i < to && bytes[i] !== COMMA && bytes[i] !== CLOSE) i++
    return i < to ? i : -1
  }

  /** The comma or brace behind a value, −1 when something else stands there. */
  private behind(line: LogLine, at: number): number {
    const i = line.skipBlanks(at)
    return i < line.to && (line.bytes[i] === COMMA || line.bytes[i] === CLOSE) ? i : -1
  }
}
