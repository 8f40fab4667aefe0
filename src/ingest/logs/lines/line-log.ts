import type { LogReader, LogSource, TrainingRun } from '../../../core/index.js'
import { eachLine } from '../../text/lines.js'
import { RunRecorder } from '../recorder/recorder.js'
import { cutNumber } from './cut-number.js'
import { key, LogLine } from './line.js'
import { hasPrefixes, LinePrefix, withoutPrefixes } from './line-prefix.js'
import { Needles } from './needles.js'

/** A log format of which every row is a line (or two) of text. */
export interface LineFormat {
  readonly format: string
  /** Matches a data line anywhere in a text; flags `gm`. */
  readonly pattern: RegExp
  /** Between formats that match equally many lines the more particular one wins: 0–1, default 1. */
  readonly weight?: number
  /** A reader's state for one file: `line` returns whether the line was data, `end` may close what is open. */
  open(record: RunRecorder): { line(line: LogLine): boolean; end?(): void }
}

const decoder = new TextDecoder('latin1')
const [ESC, BELL] = [27, 7].map((code) => String.fromCharCode(code))
/** Colours and cursor moves, links and titles. */
const COLOURS = new RegExp(`${ESC}(?:\\[[0-9;?]*[A-Za-z]|\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\))`, 'g')

const FIRST = 96 * 1024
const LAST = 64 * 1024

/** Beginning and end of a log as text, for recognition. */
interface Sample {
  readonly text: string
  /** Whether launchers or loggers print something before the lines; it is left out of the text. */
  readonly hasPrefixes: boolean
}

const samples = new WeakMap<LogSource, Sample>()

function makeSample({ head, tail }: LogSource): Sample {
  const last = tail.length > 0 ? tail : head.subarray(Math.max(FIRST, head.length - LAST))
  const text = [head.subarray(0, FIRST), last]
    .map((bytes) => decoder.decode(bytes))
    .join(tail.length > 0 || head.length > FIRST + LAST ? '\n' : '')
    .replace(COLOURS, '')
    .replaceAll('\r', '\n')
  const prefixed = hasPrefixes(text)
  return { text: prefixed ? withoutPrefixes(text) : text.replaceAll(/^[ \t]+/gm, ''), hasPrefixes: prefixed }
}

/** The sample of a log, made once for all readers that ask: some logs begin with the trainer's source code. */
function sampleOf(source: LogSource): Sample {
  const sample = samples.get(source) ?? makeSample(source)
  samples.set(source, sample)
  return sample
}

/** Beginning and end of a log without colours, prefixes and indentation, for recognition. */
export function sampleText(source: LogSource): string {
  return sampleOf(source).text
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

/** Turn a line format into a reader: streaming, one process's rows, interruptions and a cut last line noted. */
export function lineLogReader(format: LineFormat): LogReader {
  return {
    format: format.format,
    recognise: (source) => scoreOf(sampleText(source), format.pattern, format.weight),
    async read(source: LogSource): Promise<TrainingRun[]> {
      const record = new RunRecorder(format.format, source.path)
      const line = new LogLine()
      const prefix = sampleOf(source).hasPrefixes ? new LinePrefix() : undefined
      const reader = format.open(record)
      let lastWasData = false
      let kept = -1
      let cut = -1
      const end = await eachLine(
        source.stream(),
        (bytes, from, to, number, escapes, unterminated) => {
          line.set(bytes, from, to, number, escapes)
          if (unterminated) cut = cutNumber(source, line)
          if (cut >= 0) line.to = cut
          const rank = prefix?.take(line) ?? -1
          if (rank >= 0 && kept >= 0 && rank !== kept) {
            lastWasData = true
            record.note('other-rank', number, 'lines of another process are left out')
            noteInterruption(line, record)
            return
          }
          const { seen } = record
          lastWasData = reader.line(line)
          // Trainers print an overflow behind a progress bar, on its line.
          if (record.seen === seen) noteOverflow(line, record)
          if (!lastWasData) noteInterruption(line, record)
          else if (kept < 0 && record.seen > seen) kept = rank
        },
        (bytes) => record.atShare(bytes / (source.size ?? bytes)),
      )
      reader.end?.()
      if (end.unterminated && (cut >= 0 || !lastWasData) && record.rows > 0)
        record.note('cut-line', end.lines, 'the last line stops half-way')
      const damage = source.damage()
      if (damage !== undefined) record.note('damaged', end.lines, damage)
      return record.finish()
    },
  }
}

const OVERFLOW = key('OVERFLOW!')
const REDUCING = key('reducing to ')

/** DeepSpeed: `OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 64, reducing to 32`. */
function noteOverflow(line: LogLine, record: RunRecorder): void {
  const at = line.find(OVERFLOW)
  if (at >= 0) record.overflow(line.number, line.numberAfter(REDUCING, at) ? line.value : undefined)
}

/** A Python exception by its own line, with or without the traceback before it. */
const EXCEPTION = /^\s*(?:[\w.]+\.)?\w*(?:Exception|Error): /
const EXCEPTIONS = new Needles(['Exception: ', 'Error: '])

function noteInterruption(line: LogLine, record: RunRecorder): void {
  const found = INTERRUPTIONS.findIn(line)
  if (found !== undefined) record.note('interrupted', line.number, found)
  else if (EXCEPTIONS.findIn(line) !== undefined) {
    const text = line.words()
    if (EXCEPTION.test(text)) record.note('interrupted', line.number, text.trim())
  }
}
