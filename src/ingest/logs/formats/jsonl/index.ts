import type { LogReader, LogSource } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import { asObject, parseTolerantJson } from '../../../text/tolerant-json.js'
import { raise } from '../../errors.js'
import { RowWriter } from '../../json/row-writer.js'
import { checkColumns, countsOf, flatten, type JsonRow, looksLikeLosses } from '../../json/rows.js'
import { key, LogLine } from '../../lines/line.js'
import type { RunRecorder } from '../../recorder/recorder.js'

const decoder = new TextDecoder('utf-8')

function parseRow(text: string): JsonRow | undefined {
  try {
    const { value, cut } = parseTolerantJson(text)
    const row = asObject(value)
    return cut || row === undefined ? undefined : flatten(row)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Rows of head and tail that parse, for the choice of columns. */
function sampleRows(source: LogSource): JsonRow[] {
  return `${decoder.decode(source.head)}\n${decoder.decode(source.tail)}`
    .split(/\r?\n/)
    .slice(0, 4000)
    .filter((line) => line.trimStart().startsWith('{'))
    .map(parseRow)
    .filter((row) => row !== undefined)
}

const OBJECT = key('{')
/** From this share of broken lines on, what is left is no log to judge. */
const MOST_BROKEN = 0.5

/** Lines that begin as an object and are none. */
class BrokenLines {
  private first: { line: number; text: string } | undefined
  private last = 0
  private broken = 0
  private whole = 0

  take(line: LogLine, isWhole: boolean): void {
    if (isWhole) this.whole++
    else if (line.expect(OBJECT) >= 0) {
      this.broken++
      this.last = line.number
      this.first ??= { line: line.number, text: line.words() }
    }
  }

  /**
   * Note what was left out; a broken last line that lacks its terminator was cut.
   * @throws logs/malformed when more than half of the lines are broken
   */
  report(record: RunRecorder, path: string, end: { lines: number; unterminated: boolean }): void {
    const isCut = end.unterminated && this.last === end.lines
    if (isCut) record.note('cut-line', end.lines, 'the last line stops half-way')
    const count = this.broken - (isCut ? 1 : 0)
    const { first } = this
    if (first === undefined || count === 0) return
    const found = `${count} of ${count + this.whole} lines are no JSON, the first one "${first.text.slice(0, 80)}"`
    if (count > MOST_BROKEN * (count + this.whole))
      throw raise('malformed', found, { path, line: first.line })
    record.note('damaged', first.line, `${found}: they are left out`, count)
  }
}

/** JSON Lines: one object a step, nested objects flattened; bare NaN is read. Broken lines are left out and noted. */
export const jsonlReader: LogReader = {
  format: 'jsonl',
  recognise(source, options) {
    const rows = sampleRows(source)
    return rows.length > 0 && looksLikeLosses(rows, options) ? 0.8 : 0
  },
  async read(source, options) {
    const counts = countsOf(sampleRows(source))
    checkColumns(counts, source, options)
    const writer = new RowWriter('jsonl', source.path, counts, options)
    const line = new LogLine()
    const broken = new BrokenLines()
    const end = await eachLine(
      source.stream(),
      (bytes, from, to, number, escapes) => {
        line.set(bytes, from, to, number, escapes)
        const isFlat = writer.writeFlat(line)
        if (isFlat) return broken.take(line, true)
        const row = parseRow(decoder.decode(line.bytes.subarray(line.from, line.to)))
        broken.take(line, row !== undefined)
        if (row !== undefined) writer.write(row, number)
      },
      (bytes) => writer.record.atShare(bytes / (source.size ?? bytes)),
    )
    broken.report(writer.record, source.path, end)
    const damage = source.damage()
    if (damage !== undefined) writer.record.note('damaged', end.lines, damage)
    return writer.finish()
  },
}
