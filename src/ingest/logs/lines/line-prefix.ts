import { isDigit, type LogLine } from './line.js'

const DASH = 45
const COLON = 58
const LOWER_A = 97
const LOWER_Z = 122
const LEVELS = [...'IWEFD'].map((c) => c.charCodeAt(0))
const IN_HOST = [...'._-'].map((c) => c.charCodeAt(0))
const LONGEST = 200
const LINE_SHARE = 0.05

const TIME = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`
const DAY = String.raw`(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/]\d\d[-/]\d{4})`
const PARTS = [
  // 2026-01-29 10:15:32,145 · [2026-01-29T10:15:32.1Z] · 10:15:32
  String.raw`\[?(?:${DAY}[T ])?${TIME}\]?`,
  // [rank0]: · [default7]: · [1,0]<stdout>: · 0: · worker-1:
  String.raw`\[(?:rank|default|trainer|worker)? ?\d+\]:?`,
  String.raw`\[\d+,\d+\]<std(?:out|err)>:`,
  String.raw`\d+:(?= )`,
  String.raw`[a-z][\w.]*-\d+:(?= )`,
  // INFO · [INFO] · INFO:root: · I0129 10:15:32.123456 140222 train.py:123]
  String.raw`\[?(?:INFO|WARNING|DEBUG|ERROR)\]?(?::[\w.]+)?(?=[\s:|-])`,
  String.raw`[IWEF]\d{4} ${TIME} +\d+ [\w.]+:\d+\]`,
  // (RayTrainWorker pid=1234, ip=10.0.0.1) · - __main__ - · [titan]
  String.raw`\(\w+ (?:pid|rank)=[^)]{1,60}\)`,
  String.raw`(?:- )?[\w.]+ - (?:INFO|WARNING|DEBUG|ERROR)(?= )`,
  String.raw`\[[A-Za-z]\w{0,20}\](?=[ \d])`,
]
const PREFIX = String.raw`^[ \t]*(?:(?:${PARTS.join('|')})[ \t]*(?:[-|:](?!:)[ \t]*)*)+`
const ONE = new RegExp(PREFIX)
const EVERY = new RegExp(PREFIX, 'gm')
const RANK = /\[(?:rank|default|trainer|worker)? ?(\d+)\]|\[\d+,(\d+)\]<|(?:^|\s)(\d+):(?= )|-(\d+):(?= )/d

/** Text without what launchers and loggers print before their lines: ranks, time stamps, levels. */
export function withoutPrefixes(text: string): string {
  return text.replace(EVERY, '').replaceAll(/^[ \t]+/gm, '')
}

/** Whether enough lines of a text begin with such a prefix for it to be worth looking for. */
export function hasPrefixes(text: string): boolean {
  const lines = text.split('\n').filter((l) => l.trim() !== '')
  const sample = [...lines.slice(0, 200), ...lines.slice(-200)]
  return sample.filter((l) => ONE.test(l.slice(0, LONGEST))).length >= LINE_SHARE * sample.length
}

/**
 * Takes the prefix from a line and tells the process it names. Prefixes keep their form from line to line but for their
 * digits: one of the form seen last is passed over without a closer look.
 */
export class LinePrefix {
  private form: Uint8Array = new Uint8Array(0)
  private rankFrom = -1
  private rankTo = -1

  /** Move the line's start behind its prefix. @returns the process's rank, −1 for none */
  take(line: LogLine): number {
    const length = this.form.length > 0 && this.hasForm(line) ? this.form.length : this.learn(line)
    const rank = this.rankFrom >= 0 && length > 0 ? this.rankOf(line) : -1
    line.from += length
    return rank
  }

  private hasForm({ bytes, from, to }: LogLine): boolean {
    const { form } = this
    const end = from + form.length
    if (end > to) return false
    for (let k = 0; k < form.length; k++) {
      const c = bytes[from + k]
      if (c !== form[k] && !(isDigit(c) && isDigit(form[k]))) return false
    }
    // The prefix could go on: a longer number, one more part.
    return end < to && !isDigit(bytes[end]) && !mayGoOn(bytes[end])
  }

  private rankOf(line: LogLine): number {
    const from = line.from + this.rankFrom
    return Number(line.text(from, line.from + this.rankTo))
  }

  private learn(line: LogLine): number {
    if (!mayHavePrefix(line)) return 0
    const match = ONE.exec(line.text(line.from, Math.min(line.to, line.from + LONGEST)))
    if (match === null) return 0
    const { length } = match[0]
    const rank = RANK.exec(match[0])
      ?.indices?.slice(1)
      .find((place) => place !== undefined)
    this.form = line.bytes.slice(line.from, line.from + length)
    this.rankFrom = rank?.[0] ?? -1
    this.rankTo = rank?.[1] ?? -1
    return length
  }
}

/** A quick look at how a line begins: most lines without a prefix begin with a word. */
function mayHavePrefix(line: LogLine): boolean {
  const { bytes, to } = line
  let i = line.skipBlanks(line.from)
  if (i >= to || !isLetter(bytes[i])) return true
  // INFO, WARNING, ERROR, DEBUG, and absl's letters.
  if (bytes[i] < LOWER_A) return LEVELS.includes(bytes[i])
  while (i < to && (isLetter(bytes[i]) || isDigit(bytes[i]) || IN_HOST.includes(bytes[i]))) i++
  return i + 1 < to && (bytes[i] === COLON ? isDigit(bytes[i - 1]) : bytes[i + 1] === DASH)
}

function isLetter(c: number): boolean {
  const lower = c | 32
  return lower >= LOWER_A && lower <= LOWER_Z
}

/** Whether a prefix could go on with this: more blanks, a bracket. */
function mayGoOn(c: number): boolean {
  return c === 32 || c === 9 || c === 91 || c === 40
}
