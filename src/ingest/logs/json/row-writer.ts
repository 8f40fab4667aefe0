import type { LogReaderOptions, TrainingRun } from '../../../core/index.js'
import { asNumber, type Json } from '../../text/tolerant-json.js'
import { raise } from '../errors.js'
import type { LogLine } from '../lines/line.js'
import { chooseColumns, FIELDS, type Field, scaleOf } from '../names/column-names.js'
import { RunRecorder } from '../recorder/recorder.js'
import { FlatJson } from './flat-json.js'
import type { JsonRow } from './rows.js'

const STEP_SLOT = FIELDS.indexOf('step')

/** ms-swift's `"global_step/max_steps": "10/300"`. */
function firstOfTwo(value: Json): number | undefined {
  const match = typeof value === 'string' ? /^(\d+)\/\d+$/.exec(value) : null
  return match === null ? undefined : Number(match[1])
}

/** Writes rows of named values into a run, by the chosen columns. */
export class RowWriter {
  readonly record: RunRecorder
  private columns: ReadonlyMap<Field, string>
  /** What the values of a column are multiplied by: times may be in milliseconds, losses in bits. */
  private scales: Partial<Record<Field, number>> = {}
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
    this.scales = Object.fromEntries([...this.columns].map(([field, name]) => [field, scaleOf(field, name)]))
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
    this.record.put(field, (this.scales[field] ?? 1) * value)
  }

  private number(row: JsonRow, name: string, line: number): number | undefined {
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

  write(row: JsonRow, line: number): void {
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
