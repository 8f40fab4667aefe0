import type { LogReader, LogReaderOptions, TrainingRun } from '../../../../core/index.js'
import { Fields } from '../../binary/protobuf.js'
import { LogLine } from '../../lines/line.js'
import { fieldOf } from '../../names/column-names.js'
import { isWanted, NamedSeries } from '../../recorder/named-series.js'
import { eachRecord, IDENT } from './record-log.js'

// Field numbers of wandb/proto/wandb_internal.proto.
const [RECORD_HISTORY, RECORD_CONFIG, RECORD_RUN, RECORD_EXIT] = [2, 5, 17, 18]
const [HISTORY_ITEM, HISTORY_STEP] = [1, 2]
const [ITEM_KEY, ITEM_NESTED, ITEM_VALUE] = [1, 2, 16]
const [RUN_ID, RUN_CONFIG, RUN_NAME] = [1, 4, 8]

const decoder = new TextDecoder('utf-8')
const QUOTE = 34
/** Names of a step that trainers log themselves, by their rank: W&B's own counts calls of `log`. */
const LEAST_TRUSTED_STEP = 9
/** Settings that say how long the run will be. */
const PLANS: ReadonlySet<string> = new Set([
  'max_steps',
  'train_iters',
  'max_iters',
  'total_steps',
  'num_train_steps',
])

/** Keys that are kept: a run logs some dozens. */
const MOST_KEYS = 256

/** A key as it stands in the file. */
interface KnownKey {
  readonly bytes: Uint8Array
  readonly slot: number
  /** It names the step. */
  readonly isStep: boolean
}

/** What a run file says, record by record. */
class RunFile {
  readonly series = new NamedSeries()
  label = ''
  planned: number | undefined
  exitCode: number | undefined
  private rows = 0
  private readonly known: KnownKey[] = []
  private stepName: string | undefined
  private readonly line = new LogLine()
  private readonly fields = [0, 1, 2, 3].map(() => new Fields())
  /** Values of the record at hand, by slot, until its step is known. */
  private readonly held: { slot: number; value: number }[] = []

  constructor(private readonly options: LogReaderOptions) {
    this.stepName = options.columns.step
  }

  record(bytes: Uint8Array, from: number, to: number): void {
    const record = this.fields[0].over(bytes, from, to)
    while (record.next())
      if (record.wire !== 2) continue
      else if (record.field === RECORD_HISTORY) this.history(bytes, record.from, record.to)
      else if (record.field === RECORD_CONFIG) this.config(bytes, record.from, record.to)
      else if (record.field === RECORD_RUN) this.run(bytes, record.from, record.to)
      else if (record.field === RECORD_EXIT) this.exit(bytes, record.from, record.to)
  }

  private history(bytes: Uint8Array, from: number, to: number): void {
    const { held } = this
    held.length = 0
    this.rows++
    let step = this.rows - 1
    let own: number | undefined
    const history = this.fields[1].over(bytes, from, to)
    while (history.next()) {
      if (history.wire !== 2) continue
      if (history.field === HISTORY_STEP) {
        const inner = this.fields[2].over(bytes, history.from, history.to)
        // A step of 0 is not written.
        step = 0
        while (inner.next()) if (inner.field === 1) step = inner.value
      } else if (history.field === HISTORY_ITEM) {
        const value = this.item(bytes, history.from, history.to)
        if (value < 0) continue
        const { slot, isStep } = this.keyAt(bytes)
        if (slot < 0 || !this.number(bytes, value)) continue
        if (isStep) own = this.line.value
        held.push({ slot, value: this.line.value })
      }
    }
    for (const { slot, value } of held) this.series.put(slot, own ?? step, value, this.rows)
  }

  private keyFrom = 0
  private keyTo = 0
  private valueTo = 0
  private nested = ''

  /** Find an item's key and value. @returns where its value begins, −1 without one */
  private item(bytes: Uint8Array, from: number, to: number): number {
    const item = this.fields[2].over(bytes, from, to)
    let value = -1
    let keys = 0
    this.nested = ''
    while (item.next()) {
      if (item.wire !== 2) continue
      if (item.field === ITEM_KEY || item.field === ITEM_NESTED) {
        if (item.to === item.from) continue
        if (keys++ === 1) this.nested = decoder.decode(bytes.subarray(this.keyFrom, this.keyTo))
        if (keys > 1) this.nested += `/${decoder.decode(bytes.subarray(item.from, item.to))}`
        this.keyFrom = item.from
        this.keyTo = item.to
      } else if (item.field === ITEM_VALUE) {
        value = item.from
        this.valueTo = item.to
      }
    }
    return keys === 0 ? -1 : value
  }

  /** The key that was found last: one of those seen before, whose order changes from record to record. */
  private keyAt(bytes: Uint8Array): KnownKey {
    const { known } = this
    if (this.nested === '')
      for (let k = 0; k < known.length; k++) if (this.isKey(bytes, known[k].bytes)) return known[k]
    const name = this.nested === '' ? decoder.decode(bytes.subarray(this.keyFrom, this.keyTo)) : this.nested
    const found = fieldOf(name)
    const wanted = isWanted(name, this.options) && name !== '_step'
    if (this.stepName === undefined && found?.field === 'step' && found.rank <= LEAST_TRUSTED_STEP && wanted)
      this.stepName = name
    const key = {
      bytes: bytes.slice(this.keyFrom, this.keyTo),
      slot: wanted ? this.series.slotOf(name) : -1,
      isStep: name === this.stepName,
    }
    if (this.nested === '' && known.length < MOST_KEYS) known.push(key)
    return key
  }

  private isKey(bytes: Uint8Array, key: Uint8Array): boolean {
    const { keyFrom } = this
    if (key.length !== this.keyTo - keyFrom) return false
    for (let i = 0; i < key.length; i++) if (bytes[keyFrom + i] !== key[i]) return false
    return true
  }

  /** Read a JSON number into `line.value`; `"NaN"` and `"Infinity"` stand in quotes. */
  private number(bytes: Uint8Array, from: number): boolean {
    const quoted = bytes[from] === QUOTE ? 1 : 0
    this.line.set(bytes, from, this.valueTo - quoted, 0, false)
    return this.line.read(from + quoted, false) && this.line.next === this.valueTo - quoted
  }

  private config(bytes: Uint8Array, from: number, to: number): void {
    const config = this.fields[3].over(bytes, from, to)
    while (config.next()) {
      if (config.field !== 1 || config.wire !== 2) continue
      const value = this.item(bytes, config.from, config.to)
      if (value < 0 || !PLANS.has(decoder.decode(bytes.subarray(this.keyFrom, this.keyTo)))) continue
      if (this.number(bytes, value) && this.line.value > 0) this.planned = this.line.value
    }
  }

  private run(bytes: Uint8Array, from: number, to: number): void {
    const run = this.fields[1].over(bytes, from, to)
    while (run.next()) {
      const text = (): string => decoder.decode(bytes.subarray(run.from, run.to))
      if (run.field === RUN_CONFIG && run.wire === 2) this.config(bytes, run.from, run.to)
      else if (run.field === RUN_NAME && run.wire === 2 && run.to > run.from) this.label = text()
      else if (run.field === RUN_ID && run.wire === 2 && this.label === '') this.label = text()
    }
  }

  private exit(bytes: Uint8Array, from: number, to: number): void {
    this.exitCode = 0
    const exit = this.fields[1].over(bytes, from, to)
    while (exit.next()) if (exit.field === 1 && exit.wire === 0) this.exitCode = exit.value
  }
}

/**
 * The file that Weights & Biases writes for a run, also off-line (`wandb/run-…/run-….wandb`): a log of records, each a
 * protobuf message. Numbers of the history are read; nested ones are known as `outer/inner`. Rows name the call of
 * `log` instead of a line.
 */
export const wandbReader: LogReader = {
  format: 'wandb',
  recognise: ({ head }) =>
    head.length >= IDENT.length && IDENT.every((byte, i) => head[i] === byte) ? 1 : 0,
  async read(source, options): Promise<TrainingRun[]> {
    const file = new RunFile(options)
    const end = await eachRecord(source.stream(), (bytes, from, to) => file.record(bytes, from, to))
    const record = file.series.record('wandb', source.path, options, file.label)
    if (file.planned !== undefined) record.fact('plannedSteps', file.planned)
    const broken = source.damage()
    const damage = [broken, end.damage].filter((d) => d !== undefined).join('; ')
    if (damage !== '') record.note('damaged', broken === undefined ? 0 : end.records, damage)
    if (end.isCut) record.note('cut-line', end.records, 'the last record stops half-way')
    if (file.exitCode === 0) record.note('completed', end.records, 'the trainer ended by itself')
    else if (file.exitCode !== undefined)
      record.note('interrupted', end.records, `the trainer ended with exit code ${file.exitCode}`)
    return record.finish()
  },
}
