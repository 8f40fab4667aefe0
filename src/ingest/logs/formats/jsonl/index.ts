import type { LogReader, LogReaderOptions, LogSource, TrainingRun } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import { asNumber, asObject, type Json, parseTolerantJson } from '../../../text/tolerant-json.js'
import { raise } from '../../errors.js'
import { FlatJson } from '../../json/flat-json.js'
import { key, LogLine } from '../../lines/line.js'
import { chooseColumns, FIELDS, type Field, scaleOf } from '../../names/column-names.js'
import { RunRecorder } from '../../recorder/recorder.js'
import { readText, withPlace } from '../../source/whole-text.js'

const decoder = new TextDecoder('utf-8')

/** Members with nested ones as `outer/inner`, two levels deep. */
function flatten(
  row: { [name: string]: Json },
  prefix = '',
  out: Record<string, Json> = {},
): Record<string, Json> {
  for (const [name, value] of Object.entries(row)) {
    const inner = prefix === '' ? asObject(value) : undefined
    if (inner === undefined) out[prefix + name] = value
    else flatten(inner, `${name}/`, out)
  }
  return out
}

function parseRow(text: string): Record<string, Json> | undefined {
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
function sampleRows(source: LogSource): Record<string, Json>[] {
  return `${decoder.decode(source.head)}\n${decoder.decode(source.tail)}`
    .split(/\r?\n/)
    .slice(0, 4000)
    .filter((line) => line.trimStart().startsWith('{'))
    .map(parseRow)
    .filter((row) => row !== undefined)
}

const STEP_SLOT = FIELDS.indexOf('step')

/** ms-swift's `"global_step/max_steps": "10/300"`. */
function firstOfTwo(value: Json): number | undefined {
  const match = typeof value === 'string' ? /^(\d+)\/\d+$/.exec(value) : null
  return match === null ? undefined : Number(match[1])
}

/** Writes rows of named values into a run, by the chosen columns. */
class RowWriter {
  readonly record: RunRecorder
  private columns: ReadonlyMap<Field, string>
  /** What times are multiplied by: their column may be in milliseconds. */
  private timeScale = 1
  private readonly seen: Set<string>
  private rows = 0
  private readonly flat = new FlatJson(FIELDS.length)

  constructor(
    format: string,
    private readonly path: string,
    private readonly counts: Map<string, number>,
    private readonly options: LogReaderOptions,
  ) {
    this.record = new RunRecorder(format, path)
    this.seen = new Set(counts.keys())
    this.columns = chooseColumns([...this.seen], options.columns, counts)
    this.teach()
  }

  private teach(): void {
    this.timeScale = scaleOf('seconds', this.columns.get('seconds') ?? '')
    this.flat.learn(
      new Map([...this.columns].map(([field, name]) => [name, FIELDS.indexOf(field)])),
      this.seen,
    )
  }

  /** Write a flat line straight from its bytes; false when only the full parser can read it. */
  writeFlat(line: LogLine): boolean {
    const { flat } = this
    if (!flat.read(line)) return false
    const { values, found } = flat
    this.rows++
    if (this.columns.has('step') && found[STEP_SLOT] === 0) return true
    const step = found[STEP_SLOT] === 1 ? values[STEP_SLOT] : this.rows
    if (!Number.isFinite(step)) return true
    let open = false
    for (let slot = 0; slot < FIELDS.length; slot++) {
      if (slot === STEP_SLOT || found[slot] === 0) continue
      if (!open) this.record.row(step, line.number)
      open = true
      this.put(FIELDS[slot] as Exclude<Field, 'step'>, values[slot])
    }
    return true
  }

  private put(field: Exclude<Field, 'step'>, value: number): void {
    this.record.put(field, field === 'seconds' ? this.timeScale * value : value)
  }

  private number(row: Record<string, Json>, name: string, line: number): number | undefined {
    const value = row[name]
    if (value === undefined || value === null || value === '') return undefined
    const number = asNumber(value) ?? firstOfTwo(value)
    if (number === undefined)
      throw raise('not-a-number', `found ${JSON.stringify(value)}, expected a number`, {
        path: this.path,
        line,
        field: name,
      })
    return number
  }

  write(row: Record<string, Json>, line: number): void {
    for (const name in row)
      if (!this.seen.has(name)) {
        this.seen.add(name)
        this.counts.set(name, 1)
        this.columns = chooseColumns([...this.seen], this.options.columns, this.counts)
        this.teach()
      }
    this.rows++
    const stepName = this.columns.get('step')
    const step = stepName === undefined ? this.rows : this.number(row, stepName, line)
    if (step === undefined || !Number.isFinite(step)) return
    let open = false
    for (const [field, name] of this.columns) {
      if (field === 'step') continue
      const value = this.number(row, name, line)
      if (value === undefined) continue
      if (!open) this.record.row(step, line)
      open = true
      this.put(field, value)
    }
  }

  finish(): TrainingRun[] {
    if (!this.columns.has('step')) this.record.note('no-step', 1, 'no step in the rows: they are counted')
    return this.record.finish()
  }
}

function countsOf(rows: readonly Record<string, Json>[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) for (const name in row) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function checkColumns(
  counts: ReadonlyMap<string, number>,
  source: LogSource,
  options: LogReaderOptions,
): void {
  for (const column of Object.values(options.columns))
    if (!counts.has(column))
      throw raise(
        'no-column',
        `"${column}" is none of ${[...counts.keys()].map((n) => `"${n}"`).join(', ')}`,
        {
          path: source.path,
        },
      )
}

function looksLikeLosses(rows: readonly Record<string, Json>[], options: LogReaderOptions): boolean {
  const columns = chooseColumns([...countsOf(rows).keys()], options.columns)
  return columns.has('loss') || columns.has('validationLoss')
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
      this.first ??= { line: line.number, text: line.text() }
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
    const damage = source.damage()
    if (damage !== undefined) writer.record.note('damaged', end.lines, damage)
    broken.report(writer.record, source.path, end)
    return writer.finish()
  },
}

/** One JSON array of objects (`[{step, loss}, …]`), also under a member such as `history` or `logs`. */
export const jsonTableReader: LogReader = {
  format: 'json-table',
  recognise(source, options) {
    const text = decoder.decode(source.head).trimStart()
    if (!text.startsWith('[') && !/^\{\s*"\w+"\s*:\s*\[\s*\{/.test(text)) return 0
    try {
      const rows = rowsOf(parseTolerantJson(text).value)
      return rows.length > 0 && looksLikeLosses(rows, options) ? 0.7 : 0
    } catch {
      return 0
    }
  },
  async read(source, options) {
    const text = await readText(source)
    const { value, cut } = withPlace(source.path, () => parseTolerantJson(text))
    const rows = rowsOf(value)
    const counts = countsOf(rows)
    checkColumns(counts, source, options)
    const writer = new RowWriter('json-table', source.path, counts, options)
    rows.forEach((row, i) => {
      writer.write(row, i + 1)
    })
    if (cut) writer.record.note('cut-line', rows.length, 'the file stops before its JSON ends')
    return writer.finish()
  },
}

function rowsOf(value: Json): Record<string, Json>[] {
  const list = Array.isArray(value)
    ? value
    : Object.values(asObject(value) ?? {}).find((v) => Array.isArray(v))
  return (Array.isArray(list) ? list : []).flatMap((raw) => {
    const row = asObject(raw)
    return row === undefined ? [] : [flatten(row)]
  })
}
