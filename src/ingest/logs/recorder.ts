import type { LogNote, NonFiniteRange, TrainingRun } from '../../core/index.js'

export type ColumnName = 'tokens' | 'loss' | 'validationLoss' | 'gradNorm' | 'learningRate' | 'seconds'

const CHUNK_BITS = 15
const CHUNK = 1 << CHUNK_BITS
const CHUNK_MASK = CHUNK - 1

/** A column that grows in chunks, so that millions of rows are never copied more than once. */
class Column {
  private chunks: Float64Array<ArrayBuffer>[] = []
  private open = -1
  private held = new Float64Array(0)

  get used(): boolean {
    return this.chunks.length > 0
  }

  put(row: number, value: number): void {
    const chunk = row >> CHUNK_BITS
    if (chunk !== this.open) this.openChunk(chunk)
    this.held[row & CHUNK_MASK] = value
  }

  private openChunk(chunk: number): void {
    while (this.chunks.length <= chunk) this.chunks.push(new Float64Array(CHUNK).fill(Number.NaN))
    this.open = chunk
    this.held = this.chunks[chunk]
  }

  /** All values, NaN where nothing was put; the chunks are given up. */
  take(rows: number): Float64Array {
    const out = new Float64Array(rows)
    const have = Math.min(rows, this.chunks.length * CHUNK)
    for (let c = 0; c * CHUNK < have; c++) {
      const length = Math.min(CHUNK, rows - c * CHUNK)
      out.set(length === CHUNK ? this.chunks[c] : this.chunks[c].subarray(0, length), c * CHUNK)
    }
    out.fill(Number.NaN, have)
    this.chunks = []
    this.open = -1
    return out
  }
}

interface Facts {
  plannedSteps?: number
  params?: number
  tokensPerStep?: number
  flopsPerStep?: number
}

/** A run's columns by name, all there from the start: a value finds its column without a look-up. */
class Columns {
  readonly tokens = new Column()
  readonly loss = new Column()
  readonly validationLoss = new Column()
  readonly gradNorm = new Column()
  readonly learningRate = new Column()
  readonly seconds = new Column()
}

/** Collects what a reader finds into runs. One row is open at a time: `row`, then `put` its values. */
export class RunRecorder {
  private readonly done: TrainingRun[] = []
  private step = new Column()
  private line = new Column()
  private columns = new Columns()
  private nonFinite: NonFiniteRange[] = []
  private notes = new Map<LogNote['code'], LogNote>()
  private label: string | undefined
  private current = -1
  facts: Facts = {}

  constructor(
    readonly format: string,
    readonly source: string,
  ) {}

  /** Validation losses of the run so far. */
  evaluations = 0

  get rows(): number {
    return this.current + 1
  }

  /** Open a new row. */
  row(step: number, line: number): void {
    this.current++
    this.step.put(this.current, step)
    this.line.put(this.current, line)
  }

  /** Give the open row a value; NaN and infinities are recorded as found, not as absent. */
  put(name: ColumnName, value: number): void {
    if (!Number.isFinite(value)) {
      if (name === 'loss' || name === 'validationLoss' || name === 'gradNorm') this.putNonFinite(name, value)
      return
    }
    if (name === 'validationLoss') this.evaluations++
    this.columnOf(name).put(this.current, value)
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
  note(code: LogNote['code'], line: number, text: string): void {
    const count = (this.notes.get(code)?.count ?? 0) + 1
    this.notes.set(code, { code, line, text: text.slice(0, 200), count })
  }

  /** Close the run so far (if it has rows) and begin another. */
  startRun(label?: string): void {
    this.close()
    this.label = label
  }

  private close(): void {
    const rows = this.rows
    if (rows > 0) {
      const take = (name: ColumnName): Float64Array => {
        const column = this.columnOf(name)
        return column.used ? column.take(rows) : new Float64Array(0)
      }
      this.done.push({
        id: this.label ?? '',
        format: this.format,
        source: this.source,
        step: this.step.take(rows),
        line: this.line.take(rows),
        tokens: take('tokens'),
        loss: take('loss'),
        validationLoss: take('validationLoss'),
        gradNorm: take('gradNorm'),
        learningRate: take('learningRate'),
        seconds: take('seconds'),
        nonFinite: this.nonFinite,
        notes: [...this.notes.values()],
        ...this.facts,
      })
    }
    this.step = new Column()
    this.line = new Column()
    this.columns = new Columns()
    this.nonFinite = []
    this.notes = new Map()
    this.evaluations = 0
    this.current = -1
  }

  finish(): TrainingRun[] {
    this.close()
    return this.done
  }
}
