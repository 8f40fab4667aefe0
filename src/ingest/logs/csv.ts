import type { LogReader, LogReaderOptions, LogSource, TrainingRun } from '../../core/index.js'
import { eachLine } from '../lines.js'
import { chooseColumns, type Field, fieldOf } from './column-names.js'
import { raise } from './errors.js'
import { LogLine } from './line.js'
import { RunRecorder } from './recorder.js'
import { parseNumber } from './tolerant-json.js'

const decoder = new TextDecoder('utf-8')
const QUOTE = 34
const HASH = 35
const RUN_COLUMNS: ReadonlySet<string> = new Set(['run', 'run_id', 'run_name', 'experiment'])
/** W&B's export gives the smallest and the largest value of a step beside the value itself. */
const WANDB_EXTRA = /__(?:MIN|MAX)$/
const WANDB_METRIC = / - ([^-]*(?:-[^ ][^-]*)*)$/

/** Cells of a line by RFC 4180 (quotes doubled inside quotes). */
export function splitCells(text: string, delimiter: string): string[] {
  const cells: string[] = []
  let i = 0
  for (;;) {
    let cell = ''
    if (text[i] === '"') {
      for (i++; i < text.length; i++) {
        if (text[i] !== '"') cell += text[i]
        else if (text[i + 1] === '"') {
          cell += '"'
          i++
        } else break
      }
      i++
    }
    const end = text.indexOf(delimiter, i)
    cell += text.slice(i, end < 0 ? undefined : end)
    cells.push(cell.trim())
    if (end < 0) return cells
    i = end + delimiter.length
  }
}

interface Header {
  readonly delimiter: string
  readonly names: readonly string[]
  readonly line: number
}

/** First line that is neither empty nor a comment, cut at the delimiter that gives most cells. */
function headerOf(text: string): Header | undefined {
  const lines = text.split(/\r\n|\n|\r/)
  const at = lines.findIndex((l) => l.trim() !== '' && !l.startsWith('#'))
  if (at < 0) return undefined
  const line = lines[at].replace(/^\uFEFF/, '')
  const [best] = [',', '\t', ';']
    .map((delimiter) => ({ delimiter, names: splitCells(line, delimiter), line: at + 1 }))
    .sort((a, b) => b.names.length - a.names.length)
  return best
}

/** What a column holds: a quantity of a run. Several runs may stand side by side. */
interface Target {
  readonly run: string
  readonly field: Field
}

function wandbTargets(names: readonly string[]): (Target | undefined)[] {
  const byRun = new Map<string, string[]>()
  const parsed = names.map((name) => {
    if (WANDB_EXTRA.test(name)) return undefined
    const at = name.lastIndexOf(' - ')
    if (at < 0) return undefined
    const run = name.slice(0, at)
    const metric = name.slice(at + 3)
    byRun.set(run, [...(byRun.get(run) ?? []), metric])
    return { run, metric }
  })
  const chosen = new Map([...byRun].map(([run, metrics]) => [run, chooseColumns(metrics, {})] as const))
  return parsed.map((p) => {
    if (p === undefined) return undefined
    const field = fieldOf(p.metric)?.field
    return field !== undefined && field !== 'step' && chosen.get(p.run)?.get(field) === p.metric
      ? { run: p.run, field }
      : undefined
  })
}

function isWandb(names: readonly string[]): boolean {
  return names.some((name) => WANDB_METRIC.test(name)) && names.some((name) => WANDB_EXTRA.test(name))
}

function plainTargets(names: readonly string[], options: LogReaderOptions, path: string, line: number) {
  for (const column of Object.values(options.columns))
    if (!names.includes(column))
      throw raise('no-column', `"${column}" is none of ${names.map((n) => `"${n}"`).join(', ')}`, {
        path,
        line,
      })
  const chosen = chooseColumns(names, options.columns)
  return names.map((name): Target | undefined => {
    for (const [field, column] of chosen) if (column === name) return { run: '', field }
    return undefined
  })
}

/** Cell bounds of a line, one pass; quotes around a whole cell are left out of its bounds. */
class Cells {
  starts = new Int32Array(64)
  ends = new Int32Array(64)
  count = 0

  cut(line: LogLine, delimiter: number): void {
    const { bytes, to } = line
    let i = line.from
    this.count = 0
    for (;;) {
      if (this.count === this.starts.length) this.grow()
      let start = i
      let end: number
      if (bytes[i] === QUOTE) {
        start = ++i
        while (i < to && (bytes[i] !== QUOTE || bytes[i + 1] === QUOTE)) i += bytes[i] === QUOTE ? 2 : 1
        end = Math.min(i, to)
        while (i < to && bytes[i] !== delimiter) i++
      } else {
        while (i < to && bytes[i] !== delimiter) i++
        end = i
      }
      this.starts[this.count] = start
      this.ends[this.count++] = end
      if (i >= to) return
      i++
    }
  }

  private grow(): void {
    const starts = new Int32Array(2 * this.starts.length)
    const ends = new Int32Array(2 * this.ends.length)
    starts.set(this.starts)
    ends.set(this.ends)
    this.starts = starts
    this.ends = ends
  }
}

/** The value of a cell: undefined when empty, `bad` when it is no number. */
function cellValue(line: LogLine, start: number, end: number): number | undefined | 'bad' {
  const at = line.skipBlanks(start)
  if (at >= end) return undefined
  const held = line.to
  line.to = end
  const read = line.read(at)
  const rest = read ? line.skipBlanks(line.next) : end
  line.to = held
  if (read && rest >= end) return line.value
  const text = line.text(start, end)
  if (/^\s*(?:null|none|n\/a|na|-|—)?\s*$/i.test(text)) return undefined
  return parseNumber(text) ?? 'bad'
}

class Runs {
  private readonly byName = new Map<string, RunRecorder>()
  constructor(
    private readonly format: string,
    private readonly source: string,
  ) {}

  of(name: string): RunRecorder {
    let found = this.byName.get(name)
    if (found === undefined) {
      found = new RunRecorder(this.format, this.source)
      found.startRun(name)
      this.byName.set(name, found)
    }
    return found
  }

  all(): RunRecorder[] {
    return [...this.byName.values()]
  }
}

async function readTable(
  source: LogSource,
  format: string,
  header: Header,
  targets: readonly (Target | undefined)[],
): Promise<TrainingRun[]> {
  const { names } = header
  const stepAt = isWandb(names)
    ? Math.max(
        0,
        names.findIndex((n) => fieldOf(n)?.field === 'step'),
      )
    : targets.findIndex((t) => t?.field === 'step')
  const runAt = targets.some((t) => t?.run !== undefined && t.run !== '')
    ? -1
    : names.findIndex((n) => RUN_COLUMNS.has(n.toLowerCase()))
  const wanted = targets.flatMap((t, column) =>
    t === undefined || t.field === 'step' ? [] : [{ ...t, column }],
  )
  const runs = new Runs(format, source.path)
  const line = new LogLine()
  const cells = new Cells()
  const delimiter = header.delimiter.charCodeAt(0)
  let pending: Error | undefined
  let rows = 0
  let short = false
  const end = await eachLine(source.stream(), (bytes, from, to, number, escapes) => {
    if (number <= header.line || bytes[from] === HASH) return
    if (pending !== undefined) throw pending
    line.set(bytes, from, to, number, escapes)
    cells.cut(line, delimiter)
    short = cells.count < names.length
    rows++
    const valueAt = (column: number): number | undefined => {
      if (column >= cells.count) return undefined
      const value = cellValue(line, cells.starts[column], cells.ends[column])
      if (value !== 'bad') return value
      const found = line.text(cells.starts[column], cells.ends[column])
      pending ??= raise('not-a-number', `found "${found}", expected a number`, {
        path: source.path,
        line: number,
        field: names[column],
      })
      return undefined
    }
    const run = runAt < 0 ? '' : line.text(cells.starts[runAt], cells.ends[runAt])
    const step = stepAt < 0 ? rows : valueAt(stepAt)
    if (step === undefined || !Number.isFinite(step)) return
    let open: RunRecorder | undefined
    let openRun: string | undefined
    for (const target of wanted) {
      const value = valueAt(target.column)
      if (value === undefined) continue
      const name = runAt < 0 ? target.run : run
      if (open === undefined || openRun !== name) {
        open = runs.of(name)
        openRun = name
        open.row(step, number)
      }
      open.put(target.field as Exclude<Field, 'step'>, value)
    }
  })
  if (pending !== undefined && !end.unterminated) throw pending
  const damage = source.damage()
  for (const record of runs.all()) {
    if (stepAt < 0) record.note('no-step', header.line, 'no step column: rows are counted')
    if (end.unterminated && (short || pending !== undefined))
      record.note('cut-line', end.lines, 'the last line stops half-way')
    if (damage !== undefined) record.note('damaged', end.lines, damage)
  }
  return runs.all().flatMap((record) => record.finish())
}

/** W&B's CSV export: quoted, `"<run> - train/loss"` with `__MIN` and `__MAX` beside it, empty cells, runs side by side. */
export const wandbCsvReader: LogReader = {
  format: 'wandb-csv',
  recognise(source) {
    const header = headerOf(decoder.decode(source.head))
    return header !== undefined && isWandb(header.names) ? 1 : 0
  },
  read(source) {
    const header = headerOf(decoder.decode(source.head)) as Header
    return readTable(source, 'wandb-csv', header, wandbTargets(header.names))
  },
}

function isLightning(names: readonly string[]): boolean {
  return (
    names.includes('epoch') &&
    names.includes('step') &&
    names.some((n) => /^(?:train|val)_?loss|^loss$|_step$|_epoch$/.test(n))
  )
}

/**
 * Any table with a header: CSV, TSV or semicolons. Columns are found by the names that trainers use or named by
 * `--columns`; PyTorch Lightning's sparse `metrics.csv` (a row fills some columns only) is one of them. A column
 * `run` (or `run_id`, `run_name`, `experiment`) separates runs.
 */
export const csvReader: LogReader = {
  format: 'csv',
  recognise(source, options) {
    const header = headerOf(decoder.decode(source.head))
    if (header === undefined || isWandb(header.names)) return 0
    if (Object.values(options.columns).some((c) => header.names.includes(c))) return 0.95
    if (header.names.length < 2 || header.names.some((n) => n.length > 80)) return 0
    const fields = new Set(header.names.map((n) => fieldOf(n)?.field))
    return fields.has('loss') || fields.has('validationLoss') ? 0.9 : 0
  },
  read(source, options) {
    const header = headerOf(decoder.decode(source.head)) as Header
    const targets = plainTargets(header.names, options, source.path, header.line)
    return readTable(source, isLightning(header.names) ? 'lightning-csv' : 'csv', header, targets)
  },
}
