import { messageOf } from '../../../../core/errors.js'
import type { EvaluationsSource } from '../../../../core/index.js'
import { delimitedTable } from '../../../text/delimited.js'
import { raiseEvaluations } from '../../errors.js'
import { parseWhole } from '../../parse-json.js'
import { asObject, asText } from '../../row.js'
import { headerOf, unitOf } from './header.js'
import { hasDecimalCommas, numberOf, sizeInName } from './numbers.js'

/** Names under which tables carry each field, our own first; compared in lower case without punctuation. */
const NAMES = {
  model: ['model', 'model_name', 'fullname', 'name', 'run', 'run_name', 'run_id', 'model_id'],
  family: ['family', 'suite', 'corpus', 'dataset_name', 'series'],
  params: [
    'params',
    'n_params',
    'num_params',
    'parameters',
    'num_parameters',
    'n',
    'model_size',
    'size',
    'model_num_parameters',
  ],
  active_params: [
    'active_params',
    'active_parameters',
    'n_active',
    'n_active_params',
    'num_active_params',
    'num_active_parameters',
    'activated_params',
    'activated_parameters',
    'n_activated_params',
    'params_active',
    'params_activated',
    'parameters_active',
  ],
  tokens: [
    'tokens',
    'n_tokens',
    'num_tokens',
    'train_tokens',
    'training_tokens',
    'pretraining_tokens',
    'd',
    'tokens_seen',
  ],
  flops: [
    'flops',
    'c',
    'compute',
    'train_flops',
    'training_flops',
    'training_compute',
    'total_flops',
    'flop',
  ],
  checkpoint: ['checkpoint', 'revision', 'ckpt', 'step'],
  benchmark: ['benchmark', 'task', 'task_name', 'dataset', 'eval', 'evaluation'],
  metric: ['metric', 'metric_name', 'measure'],
  value: ['value', 'score', 'accuracy', 'acc', 'result', 'primary_score', 'pass_rate'],
  n_items: [
    'n_items',
    'items',
    'num_items',
    'n_examples',
    'num_examples',
    'n_samples_total',
    'num_instances',
    'datapoints',
  ],
  chance: ['chance', 'random_baseline', 'chance_level', 'random', 'random_accuracy'],
  k: ['k', 'pass_k'],
  loss: ['loss', 'val_loss', 'validation_loss', 'loss_nats'],
  loss_bits: ['loss_bits', 'loss_in_bits', 'bits_per_token', 'loss_bits_per_token'],
  task_loss: ['task_loss', 'bpb', 'task_bpb', 'correct_choice_bpb'],
  subset: ['subset', 'split_name', 'category'],
  problem: ['problem', 'problem_id', 'task_id', 'doc_id', 'question_id'],
  samples: ['num_samples', 'n_samples', 'samples', 'total'],
  correct: ['num_correct', 'correct', 'n_correct', 'passed'],
  higher_is_better: ['higher_is_better'],
  decayed: ['decayed', 'is_decayed', 'annealed', 'is_annealed', 'stage', 'phase'],
  learning_rate: ['learning_rate', 'lr'],
} as const

export type Field = keyof typeof NAMES
const FIELDS = Object.keys(NAMES) as Field[]
/** Names that `--columns` knows. */
export const EVALUATION_FIELDS: readonly string[] = FIELDS
const QUANTITIES: ReadonlySet<Field> = new Set<Field>(['params', 'active_params', 'tokens', 'flops', 'value'])
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'none', 'null', '-', 'inf', '-inf', 'infinity', '-infinity'])

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly { place: string; get(column: string): unknown }[]
  /** Whether decimals stand behind a comma. */
  readonly isComma: boolean
}

/** A column that holds a field, and what its numbers are multiplied by. */
export interface Chosen {
  readonly column: string
  readonly factor: number
}

/** A column's name without case and punctuation. */
export function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

function tableOfJsonl(source: EvaluationsSource): Table {
  const columns = new Set<string>()
  const rows: Table['rows'][number][] = []
  for (const [index, raw] of source.text.split('\n').entries()) {
    if (raw.trim() === '') continue
    let record: Record<string, unknown>
    try {
      // Python writes bare NaN, which JSON does not know.
      record = JSON.parse(raw.replaceAll(/(:\s*)(?:NaN|-?Infinity)(?=\s*[,}])/g, '$1null')) as Record<
        string,
        unknown
      >
    } catch (error) {
      throw raiseEvaluations('malformed', messageOf(error), { path: source.path, line: index + 1 }, error)
    }
    for (const column of Object.keys(record)) columns.add(column)
    rows.push({ place: `:${index + 1}`, get: (column) => record[column] })
  }
  return { columns: [...columns], rows, isComma: false }
}

/** A JSON list of records, as data frames are exported. */
function tableOfList({ text, path }: EvaluationsSource): Table {
  const list = parseWhole(text, path)
  const records = (Array.isArray(list) ? list : []).map((item, i) => {
    const record = asObject(item)
    if (record === null) throw raiseEvaluations('malformed', `item ${i} of the list is no object`, { path })
    return record
  })
  return {
    columns: [...new Set(records.flatMap((record) => Object.keys(record)))],
    rows: records.map((record, i) => ({ place: `#[${i}]`, get: (column) => record[column] })),
    isComma: false,
  }
}

/** A CSV, TSV, JSONL or JSON text as rows with their places. */
export function tableOf(source: EvaluationsSource): Table {
  const text = source.text.trimStart()
  if (text.startsWith('{')) return tableOfJsonl(source)
  if (text.startsWith('[')) return tableOfList(source)
  const { columns, rows, delimiter } = delimitedTable(source.text, (message, line) =>
    raiseEvaluations('malformed', message, { path: source.path, line }),
  )
  return {
    columns,
    rows: rows.map(({ line, get }) => ({ place: `:${line}`, get })),
    isComma:
      delimiter !== ',' && hasDecimalCommas(rows.flatMap((row) => columns.map((c) => row.get(c) ?? ''))),
  }
}

/** `--columns tokens=column*1e9`. */
const MULTIPLIED = /^(.+?)\s*\*\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i

/** The user's own choice of a column: itself, or times a number. */
export function multiplied(chosen: string, columns: readonly string[]): Chosen | null {
  if (columns.includes(chosen)) return { column: chosen, factor: headerOf(chosen).factor ?? 1 }
  const match = MULTIPLIED.exec(chosen)
  return match !== null && columns.includes(match[1]) ? { column: match[1], factor: Number(match[2]) } : null
}

/** The column of one of the names, with the unit of its header: `Params (B)`, `tokens_in_billions`, `size_b`. */
function columnNamed(
  names: readonly string[],
  columns: readonly string[],
  isQuantity: boolean,
): Chosen | null {
  for (const name of names)
    for (const column of columns) {
      const header = isQuantity ? headerOf(column) : { name: column, factor: null }
      const bare = plain(header.name)
      if (bare === name) return { column, factor: header.factor ?? 1 }
      if (!isQuantity || !bare.startsWith(`${name}_`)) continue
      const factor = unitOf(bare.slice(name.length + 1).replaceAll('_', ' '))
      if (factor !== null) return { column, factor }
    }
  return null
}

/** A field, with a column whose name begins like one of its own: `Modell`, `accuracy_mean`. */
export function soundsLike(field: Field, columns: readonly string[]): string {
  const like = columns.find((column) =>
    NAMES[field].some((name) => name.length > 2 && plain(column).startsWith(name)),
  )
  return like === undefined ? field : `${field} ("${like}" is like one: --columns ${field}=${like})`
}

/** Our fields → the table's columns: the user's choice first, then known names. */
export function chooseColumns(
  columns: readonly string[],
  chosen: Readonly<Record<string, string>>,
  path: string,
): Map<Field, Chosen> {
  const out = new Map<Field, Chosen>()
  const taken = new Set<string>()
  for (const [field, column] of Object.entries(chosen)) {
    // One map serves several files: a column that this file lacks may belong to another one.
    const found = multiplied(column, columns)
    if (found === null || !FIELDS.includes(field as Field)) continue
    out.set(field as Field, found)
    // A column may be named for two fields: a size may stand in the model's name.
    if (field !== 'params') taken.add(found.column)
  }
  for (const field of FIELDS) {
    if (out.has(field)) continue
    const free = columns.filter((column) => !taken.has(column))
    const found = columnNamed(NAMES[field], free, QUANTITIES.has(field))
    if (found === null) continue
    out.set(field, found)
    taken.add(found.column)
  }
  if (!out.has('model'))
    throw raiseEvaluations(
      'missing-column',
      `no column for the ${soundsLike('model', columns)}; the table has ${columns.map((c) => `"${c}"`).join(', ')}`,
      { path },
    )
  return out
}

/** A link or a tag around a name, as leaderboards export them. */
const DECORATION = /<[^>]*>|^\[([^\]]*)\]\([^)]*\)$/g

/** The cells of one row by our field names. */
export class Cells {
  constructor(
    private readonly row: Table['rows'][number],
    private readonly columns: ReadonlyMap<Field, Chosen>,
    private readonly isComma: boolean,
  ) {}
  raw(field: Field): unknown {
    const chosen = this.columns.get(field)
    return chosen === undefined ? undefined : this.row.get(chosen.column)
  }
  text(field: Field): string | null {
    return asText(this.raw(field))
  }
  model(): string | null {
    return asText(this.text('model')?.replaceAll(DECORATION, '$1'))
  }
  number(field: Field): number | null {
    return numberOf(this.raw(field), this.columns.get(field)?.factor ?? 1, this.isComma)
  }
  /** A quantity that must be positive where it is given; `fault` says what stands there instead. */
  positive(field: Field, faults: string[]): number | null {
    const cell = this.raw(field)
    if (isMissing(cell)) return null
    const value = this.number(field)
    if (value !== null && value >= 0) return value
    // `--columns params=model`: sizes are asked for where names tell them.
    const isName = field === 'params' && this.columns.get('model')?.column === this.columns.get(field)?.column
    const size = isName ? sizeInName(String(cell)) : null
    if (size !== null) return size
    faults.push(
      isName
        ? `the name ${JSON.stringify(cell)} tells no size, or two`
        : `${this.columns.get(field)?.column} is ${JSON.stringify(cell)}, expected a number ≥ 0`,
    )
    return null
  }
}

/** An empty cell, or one of the words for it. */
export function isMissing(cell: unknown): boolean {
  return (
    cell === undefined ||
    cell === null ||
    (typeof cell === 'string' && MISSING.has(cell.trim().toLowerCase()))
  )
}
