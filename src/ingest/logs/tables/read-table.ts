import type { LogReaderOptions, LogSource, TrainingRun } from '../../../core/index.js'
import { headerRow, UnclosedQuote } from '../../text/delimited.js'
import { eachRecord } from '../../text/delimited-bytes.js'
import { raise } from '../errors.js'
import { cutNumber } from '../lines/cut-number.js'
import { LogLine } from '../lines/line.js'
import { type Field, scaleOf } from '../names/column-names.js'
import { RunRecorder } from '../recorder/recorder.js'
import { type Header, isWandb, namesLosses, type Target, targetsOf } from './table-header.js'
import { NUMBER, TableRow } from './table-row.js'

const HASH = 35
const RUN_COLUMNS: ReadonlySet<string> = new Set(['run', 'run_id', 'run_name', 'experiment'])

/** A column that is read: where it stands, and what of which run it holds. */
interface Wanted {
  readonly column: number
  readonly run: string
  readonly field: Exclude<Field, 'step'>
  readonly scale: number
}

/** Writes a table's rows into its runs: side by side (W&B), one under the other by a column of names, or one alone. */
class TableReader {
  private row: TableRow
  private wanted: readonly Wanted[] = []
  private stepAt = -1
  private runAt = -1
  private lossAt = -1
  private evaluationAt = -1
  private readonly records = new Map<string, RunRecorder>()
  private rows = 0
  private pending: Error | undefined
  private noStep = false

  constructor(
    private readonly format: string,
    private readonly path: string,
    private readonly options: LogReaderOptions,
    private header: Header,
  ) {
    this.row = this.use(header)
  }

  private use(header: Header): TableRow {
    const targets: readonly (Target | undefined)[] = targetsOf(header, this.options, this.path)
    this.header = header
    this.stepAt = targets.findIndex((t) => t?.field === 'step')
    this.noStep ||= this.stepAt < 0
    this.wanted = targets.flatMap((t, column) =>
      t === undefined || t.field === 'step'
        ? []
        : [{ run: t.run, field: t.field, column, scale: scaleOf(t.field, header.names[column]) }],
    )
    const alone = (field: Field): number => targets.findIndex((t) => t?.field === field && t.run === '')
    this.lossAt = alone('loss')
    this.evaluationAt = alone('validationLoss')
    this.runAt = this.wanted.some((w) => w.run !== '')
      ? -1
      : header.names.findIndex((n) => RUN_COLUMNS.has(n.toLowerCase()))
    this.row = new TableRow(
      targets.map((t) => t !== undefined),
      header.delimiter,
      this.stepAt,
    )
    return this.row
  }

  private recordOf(run: string): RunRecorder {
    let found = this.records.get(run)
    if (found === undefined) {
      found = new RunRecorder(this.format, this.path)
      found.startRun(run)
      this.records.set(run, found)
    }
    return found
  }

  /** A header within the table: written again by a resumed run, perhaps with other columns. */
  private isHeader(line: LogLine): boolean {
    const found = headerRow(line.words())
    if (found === undefined) return false
    const { delimiter, cells: names } = found
    if (!namesLosses(names) || names.some((n) => n !== '' && Number.isFinite(Number(n)))) return false
    if (names.join() !== this.header.names.join()) this.use({ delimiter, names, line: line.number })
    return true
  }

  line(line: LogLine): void {
    if (this.pending !== undefined) throw this.pending
    const { row } = this
    row.read(line)
    if (row.bad >= 0) {
      if (this.isHeader(line)) return
      // The last line may be cut: only a line behind it makes this an error.
      this.pending = raise('not-a-number', `found "${row.text(line, row.bad)}", expected a number`, {
        path: this.path,
        line: line.number,
        field: this.header.names[row.bad],
      })
    }
    this.rows++
    const { values, state } = row
    if (this.stepAt >= 0 && state[this.stepAt] !== NUMBER) return
    const step = this.stepAt < 0 ? this.rows : values[this.stepAt]
    if (!Number.isFinite(step)) return
    const named = this.runAt >= 0 && this.runAt < row.cells ? row.text(line, this.runAt) : ''
    const { lossAt } = this
    if (lossAt >= 0 && state[lossAt] !== NUMBER && state[this.evaluationAt] !== NUMBER && row.lacks(lossAt))
      this.recordOf(named).lacksLoss(line.number, lossAt < row.cells ? row.text(line, lossAt) : '')
    let open: RunRecorder | undefined
    let openRun = ''
    for (const { column, run, field, scale } of this.wanted) {
      if (state[column] !== NUMBER) continue
      const name = this.runAt < 0 ? run : named
      if (open === undefined || openRun !== name) {
        open = this.recordOf(name)
        openRun = name
        open.row(step, line.number)
      }
      open.put(field, scale * values[column])
    }
  }

  atShare(share: number): void {
    for (const record of this.records.values()) record.atShare(share)
  }

  /** @param isCut whether a number was left out that the end of the file had cut */
  finish(
    end: { lines: number; unterminated: boolean },
    isCut: boolean,
    damage: string | undefined,
  ): TrainingRun[] {
    if (this.pending !== undefined && !end.unterminated) throw this.pending
    const cut =
      isCut || (end.unterminated && (this.row.cells < this.header.names.length || this.pending !== undefined))
    for (const record of this.records.values()) {
      if (this.noStep) record.note('no-step', this.header.line, 'no step column: rows are counted')
      if (cut) record.note('cut-line', end.lines, 'the last line stops half-way')
      if (damage !== undefined) record.note('damaged', end.lines, damage)
    }
    return [...this.records.values()].flatMap((record) => record.finish())
  }
}

function formatOf(names: readonly string[]): string {
  if (isWandb(names)) return 'wandb-csv'
  const isLightning =
    names.includes('epoch') &&
    names.includes('step') &&
    names.some((n) => /^(?:train|val)_?loss|^loss$|_step$|_epoch$/.test(n))
  return isLightning ? 'lightning-csv' : 'csv'
}

/** Read a table under a header of its own or, for a rotated piece, under that of another piece. */
export async function readTable(
  source: LogSource,
  options: LogReaderOptions,
  header: Header,
): Promise<TrainingRun[]> {
  const reader = new TableReader(formatOf(header.names), source.path, options, header)
  const line = new LogLine()
  let isCut = false
  try {
    const end = await eachRecord(
      source.stream(),
      header.delimiter.charCodeAt(0),
      (bytes, from, to, number, escapes, unterminated) => {
        if (number <= header.line || bytes[from] === HASH) return
        line.set(bytes, from, to, number, escapes)
        const at = unterminated ? cutNumber(source, line) : -1
        isCut = at >= 0
        if (isCut) line.to = at
        reader.line(line)
      },
      (bytes) => reader.atShare(bytes / (source.size ?? bytes)),
    )
    return reader.finish(end, isCut, source.damage())
  } catch (error) {
    if (!(error instanceof UnclosedQuote)) throw error
    throw raise('unclosed-quote', error.message, { path: source.path, line: error.line }, error)
  }
}
