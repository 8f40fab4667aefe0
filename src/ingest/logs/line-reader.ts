import type { LogReader, LogSource, TrainingRun } from '../../core/index.js'
import { eachLine } from '../lines.js'
import { LogLine } from './line.js'
import { Needles } from './needles.js'
import { RunRecorder } from './recorder.js'

/** A log format of which every row is a line (or two) of text. */
export interface LineFormat {
  readonly format: string
  /** Matches a data line anywhere in a text; flags `gm`. */
  readonly pattern: RegExp
  /** Between formats that match equally many lines the more particular one wins: 0–1, default 1. */
  readonly weight?: number
  /** The trainer always evaluates its last step: a log that ends elsewhere was cut. */
  readonly evaluatesLastStep?: boolean
  /** A reader's state for one file: `line` returns whether the line was data, `end` may close what is open. */
  open(record: RunRecorder): { line(line: LogLine): boolean; end?(): void }
}

const decoder = new TextDecoder('latin1')
// biome-ignore format: one pattern
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g')

const FIRST = 96 * 1024
const LAST = 64 * 1024
const samples = new WeakMap<LogSource, string>()

/**
 * Beginning and end of a log as text without colours, for recognition: some logs begin with the trainer's source code.
 * Made once for all readers that ask.
 */
export function sampleText(source: LogSource): string {
  let text = samples.get(source)
  if (text === undefined) {
    const { head } = source
    const rest = head.length > FIRST + LAST ? head.subarray(head.length - LAST) : head.subarray(FIRST)
    const last = source.tail.length > 0 ? source.tail : rest
    text =
      `${decoder.decode(head.subarray(0, FIRST))}${last === rest && head.length <= FIRST + LAST ? '' : '\n'}${decoder.decode(last)}`
        .replace(COLOURS, '')
        .replaceAll('\r', '\n')
    samples.set(source, text)
  }
  return text
}

/** 0 for no match, else towards 1 with the number of matching lines. */
export function scoreOf(text: string, pattern: RegExp, weight = 1): number {
  let matches = 0
  for (const _ of text.matchAll(pattern)) if (++matches >= 50) break
  return matches === 0 ? 0 : weight * (0.5 + 0.5 * Math.min(1, matches / 50))
}

const INTERRUPTIONS = new Needles([
  'Traceback (most recent call last)',
  'KeyboardInterrupt',
  'DUE TO TIME LIMIT',
  'DUE TO PREEMPTION',
  'CANCELLED AT',
  'OutOfMemoryError',
  'CUDA out of memory',
  'oom-kill',
  'Out Of Memory',
  'SIGTERM',
  'SIGKILL',
  'Segmentation fault',
  'ChildFailedError',
  'NCCL error',
  'Watchdog caught collective operation timeout',
])

const BRACKET = 91
const SPACE = 32
const DIGIT_0 = 48
const DIGIT_9 = 57
const RANK = /^\s*(?:\[(?:rank|default|trainer)?(\d+)\]:|(\d+): )/

/** Process that a line was prefixed with (`[rank0]:`, `[default7]:`, `3: `), or −1. */
function rankOf(line: LogLine): number {
  const { bytes, from, to } = line
  const first = bytes[from]
  if (first !== BRACKET && first !== SPACE && (first < DIGIT_0 || first > DIGIT_9)) return -1
  for (let i = from; i < Math.min(to, from + 14); i++)
    if (bytes[i] === 58) {
      const match = RANK.exec(line.text(from, i + 2))
      return match === null ? -1 : Number(match[1] ?? match[2])
    }
  return -1
}

/** Turn a line format into a reader: streaming, one process's rows, interruptions and a cut last line noted. */
export function lineLogReader(format: LineFormat): LogReader {
  return {
    format: format.format,
    recognise: (source) => scoreOf(sampleText(source), format.pattern, format.weight),
    async read(source: LogSource): Promise<TrainingRun[]> {
      const record = new RunRecorder(format.format, source.path)
      const line = new LogLine()
      const reader = format.open(record)
      let lastWasData = false
      let kept = -1
      const end = await eachLine(source.stream(), (bytes, from, to, number, escapes) => {
        line.set(bytes, from, to, number, escapes)
        const rank = rankOf(line)
        if (rank >= 0 && kept >= 0 && rank !== kept) {
          lastWasData = true
          record.note('other-rank', number, 'lines of another process are left out')
          noteInterruption(line, record)
          return
        }
        const rows = record.rows
        lastWasData = reader.line(line)
        if (!lastWasData) noteInterruption(line, record)
        else if (kept < 0 && record.rows > rows) kept = rank
      })
      reader.end?.()
      if (end.unterminated && !lastWasData && record.rows > 0)
        record.note('cut-line', end.lines, 'the last line stops half-way')
      const damage = source.damage()
      if (damage !== undefined) record.note('damaged', end.lines, damage)
      return record.finish()
    },
  }
}

function noteInterruption(line: LogLine, record: RunRecorder): void {
  const found = INTERRUPTIONS.findIn(line)
  if (found !== undefined) record.note('interrupted', line.number, found)
}
