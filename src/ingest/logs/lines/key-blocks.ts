import { fieldOf } from '../names/column-names.js'
import type { ColumnName } from '../recorder/recorder.js'
import { isDigit, type LogLine } from './line.js'
import { LineShape, numbersIn } from './line-shape.js'

/** Shapes that are kept: a trainer prints some dozens of keys a step, in the same order every time. */
const SHAPES = 256
const LONGEST = 300
const BLANK = 32
const LETTER_F = 102
const LETTER_N = 110

interface KnownLine {
  readonly shape: LineShape
  /** Numbers before the last one are part of the key: `optim/LR (group 0)`. */
  readonly inKey: readonly number[]
  /** Which of the line's numbers is the value, −1 = none that is wanted. */
  readonly token: number
  readonly column: ColumnName
  readonly key: string
}

/** Tells what quantity a key names; undefined passes it over. */
export type KeyField = (key: string) => ColumnName | undefined

/** `OLMo`'s and Composer's names beside those that every reader knows. */
export const namedField: KeyField = (key) => {
  const field = fieldOf(key)?.field
  return field === 'step' ? undefined : field
}

/** Whether a line can end in a number, `nan` or `inf`: most lines between the keys do not. */
function endsLikeNumber({ bytes, from, to }: LogLine): boolean {
  if (to - from > LONGEST) return false
  let i = to - 1
  while (i > from && bytes[i] <= BLANK) i--
  const last = bytes[i] | 32
  return isDigit(bytes[i]) || last === LETTER_N || last === LETTER_F
}

/**
 * Reads lines that hold one key and its number, `optim/total grad norm=0.31` or `loss/train/total: 2.1`, each key being
 * looked at once.
 */
export class KeyLines {
  private readonly known: KnownLine[] = []
  private next = 0
  private oldest = 0
  column: ColumnName = 'loss'
  key = ''
  value = Number.NaN

  constructor(private readonly fieldOfKey: KeyField) {}

  /** Set `column`, `key` and `value` from a line; false when it holds no wanted key. */
  read(line: LogLine): boolean {
    if (!endsLikeNumber(line)) return false
    const found = this.find(line) ?? this.learn(line)
    if (found.token < 0) return false
    this.column = found.column
    this.key = found.key
    this.value = found.shape.values[found.token]
    return true
  }

  private find(line: LogLine): KnownLine | undefined {
    const { known } = this
    for (let k = 0; k < known.length; k++) {
      const at = (this.next + k) % known.length
      const { shape, inKey } = known[at]
      if (!shape.matches(line) || inKey.some((n, i) => shape.values[i] !== n)) continue
      this.next = at + 1
      return known[at]
    }
    return undefined
  }

  private learn(line: LogLine): KnownLine {
    const tokens = numbersIn(line)
    const text = line.text()
    const last = tokens.at(-1)
    const match =
      last === undefined ? null : /^\s*(.*\S)\s*[=:]\s*$/.exec(text.slice(0, last.from - line.from))
    const isWhole = last !== undefined && text.slice(last.to - line.from).trim() === ''
    const key = match?.[1] ?? ''
    const column = match === null || !isWhole ? undefined : this.fieldOfKey(key)
    const found: KnownLine = {
      shape: new LineShape(line, tokens),
      inKey: tokens.slice(0, -1).map((t) => t.value),
      token: column === undefined ? -1 : tokens.length - 1,
      column: column ?? 'loss',
      key,
    }
    if (this.known.length < SHAPES) this.known.push(found)
    else this.known[this.oldest++ % SHAPES] = found
    return found
  }
}
