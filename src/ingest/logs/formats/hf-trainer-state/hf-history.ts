import { raise } from '../../errors.js'
import { key, type LogLine } from '../../lines/line.js'
import type { ColumnName, RunRecorder } from '../../recorder/recorder.js'

const QUOTE = 34
const COMMA = 44
const COLON = 58
const LIST = 91
const LIST_END = 93
const OPEN = 123
const CLOSE = 125
const NULL = key('null')

const HISTORY = key('log_history"')
const EVAL = key('eval_')
const LOSS = key('loss"')
const STEP = key('step"')
const TOTAL_FLOPS = key('total_flos"')
const MAX_STEPS = key('max_steps"')
const GLOBAL_STEP = key('global_step"')
const COLUMNS: readonly (readonly [
  Uint8Array,
  Exclude<ColumnName, 'validationLoss' | 'seconds' | 'lossScale'>,
])[] = [
  [LOSS, 'loss'],
  [key('grad_norm"'), 'gradNorm'],
  [key('learning_rate"'), 'learningRate'],
  [key('num_input_tokens_seen"'), 'tokens'],
]

/** A word where a number should stand; entries count from 1. */
export function wordFound(
  found: string,
  entry: number,
  field: string,
  place: { readonly path: string; readonly line?: number },
): Error {
  return raise('not-a-number', `found ${found}, expected a number, in entry ${entry} of log_history`, {
    ...place,
    field,
  })
}

const isEvaluation = (line: LogLine, at: number, end: number): boolean =>
  line.standsAt(EVAL, at) && line.standsAt(LOSS, end + 1 - LOSS.length)

/** What one entry of the history has said so far; NaN is a value here, undefined is none. */
interface Entry {
  step?: number
  line: number
  loss?: number
  validationLoss?: number
  gradNorm?: number
  learningRate?: number
  tokens?: number
  flops?: number
}

/**
 * Reads a `trainer_state.json` as Trainer writes it, one member a line, without holding more than one entry. `line`
 * returns false for a layout that it does not know: then the whole file has to be parsed.
 */
export class HistoryLines {
  /** 0 = before the history, 1 = in its list, 2 = in an entry, 3 = behind it. */
  private place = 0
  /** Depth inside a value that is passed over. */
  private nested = 0
  private entry: Entry = { line: 0 }
  private globalStep = 0
  private flops = 0
  private entries = 0
  /** Whether the last brace was there. */
  isWhole = false

  constructor(private readonly record: RunRecorder) {}

  line(line: LogLine): boolean {
    const { bytes } = line
    const at = line.skipBlanks(line.from)
    if (at >= line.to) return true
    if (this.nested > 0) return this.passOver(line, at)
    const c = bytes[at]
    if (c === OPEN) return this.open(line, at)
    if (c === CLOSE) return this.close(line, at)
    if (c === LIST_END) {
      if (this.place !== 1) return false
      this.place = 3
      return true
    }
    return c === QUOTE && this.member(line, at + 1)
  }

  private open(line: LogLine, at: number): boolean {
    if (line.skipBlanks(at + 1) < line.to) return false
    if (this.place === 1) {
      this.place = 2
      this.entry = { line: 0 }
      this.entries++
      return true
    }
    return this.place === 0
  }

  private close(line: LogLine, at: number): boolean {
    if (this.place === 2) {
      this.place = 1
      this.write()
      return true
    }
    this.isWhole = this.place !== 1
    return this.isWhole && line.skipBlanks(at + 1) >= line.to
  }

  private member(line: LogLine, at: number): boolean {
    const { bytes, to } = line
    let end = at
    while (end < to && bytes[end] !== QUOTE) end++
    const colon = line.skipBlanks(end + 1)
    if (colon >= to || bytes[colon] !== COLON) return false
    const from = line.skipBlanks(colon + 1)
    if (from >= to) return false
    const c = bytes[from]
    if (c === LIST || c === OPEN) {
      if (this.place === 0 && c === LIST && line.standsAt(HISTORY, at)) {
        const next = line.skipBlanks(from + 1)
        this.place = bytes[next] === LIST_END ? 3 : 1
        return next >= to || this.place === 3
      }
      return this.passOver(line, from)
    }
    if (this.place === 1) return false
    const isText = c === QUOTE
    if (!line.read(isText ? from + 1 : from, false)) {
      if (this.place === 2 && !line.standsAt(NULL, from)) this.refuseWord(line, at, end, from)
      return true
    }
    const next = line.skipBlanks(isText ? line.next + 1 : line.next)
    if (next < to && bytes[next] !== COMMA) return isText
    if (this.place === 2) this.entryMember(line, at, end)
    else this.stateMember(line, at)
    return true
  }

  /** Walk over a list or an object that holds nothing wanted; texts with brackets in them are not looked for. */
  private passOver(line: LogLine, from: number): boolean {
    const { bytes, to } = line
    for (let i = from; i < to; i++) {
      const c = bytes[i]
      if (c === QUOTE) {
        for (i++; i < to && bytes[i] !== QUOTE; i++) if (bytes[i] === 92) i++
      } else if (c === LIST || c === OPEN) this.nested++
      else if (c === LIST_END || c === CLOSE) this.nested--
    }
    return this.nested >= 0
  }

  /** @throws logs/not-a-number for a word where a wanted number should stand */
  private refuseWord(line: LogLine, at: number, end: number, from: number): void {
    const isWanted = [STEP, ...COLUMNS.map(([name]) => name)].some((name) => line.standsAt(name, at))
    if (!isWanted && !isEvaluation(line, at, end)) return
    const found = line.text(from).replace(/,?\s*$/, '')
    throw wordFound(found, this.entries, line.text(at, end), { path: this.record.source, line: line.number })
  }

  private entryMember(line: LogLine, at: number, end: number): void {
    const { entry } = this
    const { value } = line
    if (line.standsAt(STEP, at)) {
      entry.step = value
      entry.line = line.number
      return
    }
    for (const [name, column] of COLUMNS)
      if (line.standsAt(name, at)) {
        entry[column] = value
        return
      }
    if (line.standsAt(TOTAL_FLOPS, at)) entry.flops = value
    else if (isEvaluation(line, at, end)) entry.validationLoss ??= value
  }

  private stateMember(line: LogLine, at: number): void {
    const { value } = line
    if (line.standsAt(MAX_STEPS, at) && value > 0) this.record.fact('plannedSteps', value)
    else if (line.standsAt(GLOBAL_STEP, at)) this.globalStep = value
    else if (line.standsAt(TOTAL_FLOPS, at)) this.flops = value
  }

  private write(): void {
    const { entry, record } = this
    const { step, flops } = entry
    if (step === undefined) return
    if (entry.loss === undefined && entry.validationLoss === undefined) {
      if (flops !== undefined && flops > 0 && step > 0) record.fact('flopsPerStep', flops / step)
      return
    }
    record.row(step, entry.line)
    if (entry.loss !== undefined) record.put('loss', entry.loss)
    if (entry.validationLoss !== undefined) record.put('validationLoss', entry.validationLoss)
    if (entry.gradNorm !== undefined) record.put('gradNorm', entry.gradNorm)
    if (entry.learningRate !== undefined) record.put('learningRate', entry.learningRate)
    if (entry.tokens !== undefined) record.put('tokens', entry.tokens)
  }

  finish(): void {
    if (this.flops > 0 && this.globalStep > 0) this.record.fact('flopsPerStep', this.flops / this.globalStep)
  }
}
