import type { FactSeen, LogFacts, LogNote, NonFiniteRange, TrainingRun } from '../../../core/index.js'
import { raise } from '../errors.js'
import { secondsOfSteps } from './step-seconds.js'

export type ColumnName =
  | 'tokens'
  | 'loss'
  | 'validationLoss'
  | 'gradNorm'
  | 'learningRate'
  | 'seconds'
  | 'lossScale'

const FIRST_ROWS = 1024
/** Overflows in a row at the end of a log that are no search for a scale: a sound run skips one or two. */
const COLLAPSE = 4
/** Rows without the loss that was due are told from this share on. */
const LACKING = 0.05
/** An estimate of the rows to come is taken with some more: memory that is not written to costs nothing. */
const MARGIN = 1.05

/** A column that grows: at once to the number of rows that is expected, where that is known. */
class Column {
  private values = new Float64Array(0)
  /** Rows behind the last one that was put. */
  private next = 0

  constructor(private readonly table: { expectedRows: number }) {}

  get used(): boolean {
    return this.next > 0
  }

  put(row: number, value: number): void {
    if (row >= this.values.length) this.grow(row + 1)
    if (row > this.next) this.values.fill(Number.NaN, this.next, row)
    this.values[row] = value
    this.next = row + 1
  }

  private grow(rows: number): void {
    const { values } = this
    const larger = Math.max(FIRST_ROWS, rows, 2 * values.length)
    this.values = new Float64Array(Math.max(larger, Math.ceil(MARGIN * this.table.expectedRows)))
    this.values.set(values.subarray(0, this.next))
  }

  /** All values, NaN where nothing was put; they are given up here. */
  take(rows: number): Float64Array {
    if (rows > this.values.length) this.grow(rows)
    const { values } = this
    if (rows > this.next) values.fill(Number.NaN, this.next, rows)
    this.values = new Float64Array(0)
    this.next = 0
    return rows === values.length ? values : values.subarray(0, rows)
  }
}

/** A run's columns by name, all there from the start: a value finds its column without a look-up. */
class Columns {
  expectedRows = 0
  readonly step = new Column(this)
  readonly line = new Column(this)
  readonly tokens = new Column(this)
  readonly loss = new Column(this)
  readonly validationLoss = new Column(this)
  readonly gradNorm = new Column(this)
  readonly learningRate = new Column(this)
  readonly seconds = new Column(this)
  readonly lossScale = new Column(this)
}

/** Collects what a reader finds into runs. One row is open at a time: `row`, then `put` its values. */
export class RunRecorder {
  private readonly done: TrainingRun[] = []
  private columns = new Columns()
  private nonFinite: NonFiniteRange[] = []
  private notes = new Map<LogNote['code'], LogNote>()
  private label: string | undefined
  private current = -1
  private openLine = 0
  private isLeftOut = false
  private facts: LogFacts = {}
  private factsSeen: FactSeen[] = []

  constructor(
    readonly format: string,
    readonly source: string,
  ) {}

  /** Validation losses of the run so far. */
  evaluations = 0

  /** Losses of the run so far, and rows in whose place for it the log says that there is none. */
  private losses = 0
  private lacking = 0
  private lackingLine = 0
  private lackingWord = ''

  /** A row with a step says in place of its loss that there is none, by a word or by having nothing else. */
  lacksLoss(line: number, word: string): void {
    this.lacking++
    this.lackingLine = line
    this.lackingWord = word.trim()
  }

  /** Rows that a reader keeps to itself until it knows their steps. */
  held = 0

  /** Steps in a row, up to here, that the loss scaler threw away, the line of the last and the scale that it left. */
  private overflows = 0
  private overflowLine = 0
  private scale: number | undefined

  /** The loss scaler found an overflow and skipped a step. */
  overflow(line: number, scale?: number): void {
    this.overflows++
    this.overflowLine = line
    this.scale = scale
  }

  /** Rows that were found, written or held. */
  get seen(): number {
    return this.rows + this.held
  }

  get rows(): number {
    return this.current + 1
  }

  /** Tell what share of the file has been read, so that the columns can be given the memory they will need. */
  atShare(share: number): void {
    if (share > 0 && share < 1) this.columns.expectedRows = this.rows / share
  }

  /** Open a new row; one whose step is no number, or no count, is left out with all that is put to it. */
  row(step: number, line: number): void {
    this.isLeftOut = !(step >= 0 && step <= Number.MAX_SAFE_INTEGER)
    if (this.isLeftOut) {
      if (Number.isFinite(step)) this.note('bad-step', line, `a step of ${step}`)
      return
    }
    this.current++
    this.openLine = line
    this.columns.step.put(this.current, step)
    this.columns.line.put(this.current, line)
  }

  /** Give the open row a value; NaN and infinities are recorded as found, not as absent. */
  put(name: ColumnName, value: number): void {
    if (this.isLeftOut) return
    if (!Number.isFinite(value)) {
      if (name === 'loss' || name === 'validationLoss' || name === 'gradNorm') this.putNonFinite(name, value)
      return
    }
    if (value < 0 && (name === 'loss' || name === 'validationLoss')) {
      // Trainers write −1 before their first evaluation.
      if (name === 'validationLoss' && value === -1) return
      throw raise('negative-loss', `found ${value}, expected 0 or more`, {
        path: this.source,
        line: this.openLine,
        field: name,
      })
    }
    if (name === 'validationLoss') this.evaluations++
    else if (name === 'loss') {
      this.overflows = 0
      this.losses++
    }
    this.columnOf(name).put(this.current, value)
  }

  /** What the log says of the whole run, at the row that comes next: a later value counts from there on. */
  fact(name: keyof LogFacts, value: number): void {
    if (this.facts[name] === value) return
    this.facts = { ...this.facts, [name]: value }
    this.factsSeen = this.factsSeen.filter((f) => f.name !== name || f.row !== this.rows)
    this.factsSeen.push({ name, value, row: this.rows })
  }

  private columnOf(name: ColumnName): Column {
    const { columns } = this
    switch (name) {
      case 'loss':
        return columns.loss
      case 'learningRate':
        return columns.learningRate
      case 'gradNorm':
        return columns.gradNorm
      case 'seconds':
        return columns.seconds
      case 'tokens':
        return columns.tokens
      case 'validationLoss':
        return columns.validationLoss
      case 'lossScale':
        return columns.lossScale
    }
  }

  private putNonFinite(column: NonFiniteRange['column'], value: number): void {
    const found = Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
    const row = this.current
    for (let i = this.nonFinite.length - 1; i >= 0 && i >= this.nonFinite.length - 3; i--) {
      const last = this.nonFinite[i]
      if (last.column !== column || last.found !== found || last.toRow < row - 1) continue
      this.nonFinite[i] = { ...last, toRow: row }
      return
    }
    this.nonFinite.push({ row, toRow: row, column, found })
  }

  /** Notes of one code are counted; the last one's line and text are kept. */
  note(code: LogNote['code'], line: number, text: string, lines = 1): void {
    const count = (this.notes.get(code)?.count ?? 0) + lines
    this.notes.set(code, { code, line, text: text.slice(0, 200), count })
  }

  /** Close the run so far (if it has rows) and begin another. */
  startRun(label?: string): void {
    this.close()
    this.label = label
  }

  private close(): void {
    const rows = this.rows
    const bad = this.notes.get('bad-step')
    if (rows === 0 && bad !== undefined)
      throw raise('bad-step', `found ${bad.text} and no other, expected 0 to 2^53 − 1`, {
        path: this.source,
        line: bad.line,
      })
    if (this.overflows >= COLLAPSE)
      this.note(
        'loss-scale',
        this.overflowLine,
        `${this.overflows} overflows in a row${this.scale === undefined ? '' : `, the loss scale down to ${this.scale}`}`,
        this.overflows,
      )
    const due = this.losses + this.lacking
    if (this.losses > 0 && this.lacking > LACKING * due)
      this.note(
        'no-loss',
        this.lackingLine,
        `${this.lacking} of ${due} rows tell no loss (${this.lackingWord === '' ? 'empty' : `"${this.lackingWord}"`} in line ${this.lackingLine})`,
        this.lacking,
      )
    if (rows > 0) {
      const take = (name: ColumnName): Float64Array => {
        const column = this.columnOf(name)
        return column.used ? column.take(rows) : new Float64Array(0)
      }
      const step = this.columns.step.take(rows)
      const time = take('seconds')
      const seconds = secondsOfSteps(step, time)
      this.done.push({
        id: this.label ?? '',
        format: this.format,
        source: this.source,
        step,
        line: this.columns.line.take(rows),
        tokens: take('tokens'),
        loss: take('loss'),
        validationLoss: take('validationLoss'),
        gradNorm: take('gradNorm'),
        learningRate: take('learningRate'),
        ...(this.columns.lossScale.used ? { lossScale: take('lossScale') } : {}),
        seconds,
        ...(seconds === time ? {} : { hasClock: true }),
        nonFinite: this.nonFinite,
        notes: [...this.notes.values()],
        ...this.facts,
        ...(this.factsSeen.length > Object.keys(this.facts).length ? { factsSeen: this.factsSeen } : {}),
      })
    }
    this.columns = new Columns()
    this.nonFinite = []
    this.notes = new Map()
    this.factsSeen = Object.entries(this.facts).map(([name, value]) => ({
      name: name as keyof LogFacts,
      value,
      row: 0,
    }))
    this.evaluations = 0
    this.losses = 0
    this.lacking = 0
    this.overflows = 0
    this.current = -1
  }

  finish(): TrainingRun[] {
    this.close()
    return this.done
  }
}
