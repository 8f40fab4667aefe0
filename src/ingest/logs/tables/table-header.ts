import type { LogReaderOptions, LogSource } from '../../../core/index.js'
import { headerRow } from '../../text/delimited.js'
import { raise } from '../errors.js'
import { chooseColumns, type Field, fieldOf } from '../names/column-names.js'

const decoder = new TextDecoder('utf-8')
/** W&B's export gives the smallest and the largest value of a step beside the value itself. */
const WANDB_EXTRA = /__(?:MIN|MAX)$/
const WANDB_METRIC = / - ([^-]*(?:-[^ ][^-]*)*)$/
const LONGEST_NAME = 80

/** The line of a table that names its columns. */
export interface Header {
  readonly delimiter: string
  readonly names: readonly string[]
  /** Its line, from 1; 0 when the names were taken over from another piece. */
  readonly line: number
}

/** Names of the columns, in the first row that is no comment; undefined where no such row can be read. */
export function headerOf({ head }: LogSource): Header | undefined {
  const row = headerRow(decoder.decode(head))
  return row === undefined ? undefined : { delimiter: row.delimiter, names: row.cells, line: row.line }
}

/** What a column holds: a quantity of a run (named '' where a table holds one). Several may stand side by side. */
export interface Target {
  readonly run: string
  readonly field: Field
}

export function isWandb(names: readonly string[]): boolean {
  return names.some((name) => WANDB_METRIC.test(name)) && names.some((name) => WANDB_EXTRA.test(name))
}

/** Whether the names are those of a table with losses: enough to tell a header from prose and from numbers. */
export function namesLosses(names: readonly string[]): boolean {
  if (names.length < 2 || names.some((n) => n.length > LONGEST_NAME || /^[[{]/.test(n))) return false
  const fields = new Set(names.map((n) => fieldOf(n)?.field))
  return fields.has('loss') || fields.has('validationLoss')
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
  // The axis may be a time or an epoch instead: then rows are counted.
  const step = names.findIndex((n) => fieldOf(n)?.field === 'step')
  return parsed.map((p, column) => {
    if (column === step) return { run: '', field: 'step' }
    if (p === undefined) return undefined
    const field = fieldOf(p.metric)?.field
    return field !== undefined && field !== 'step' && chosen.get(p.run)?.get(field) === p.metric
      ? { run: p.run, field }
      : undefined
  })
}

/**
 * What every column of a table holds, undefined for those that are passed over.
 * @throws logs/no-column for a chosen column that the table lacks, logs/twice-named for one that it has twice
 */
export function targetsOf(
  { names, line }: Header,
  options: LogReaderOptions,
  path: string,
): readonly (Target | undefined)[] {
  if (isWandb(names)) return wandbTargets(names)
  for (const column of Object.values(options.columns))
    if (!names.includes(column))
      throw raise('no-column', `"${column}" is none of ${names.map((n) => `"${n}"`).join(', ')}`, {
        path,
        line,
      })
  const chosen = chooseColumns(names, options.columns)
  for (const column of chosen.values()) {
    const at = names.flatMap((name, i) => (name === column ? [i + 1] : []))
    if (at.length > 1)
      throw raise('twice-named', `"${column}" names columns ${at.join(' and ')}`, { path, line })
  }
  return names.map((name): Target | undefined => {
    for (const [field, column] of chosen) if (column === name) return { run: '', field }
    return undefined
  })
}
