import type { EvaluationsSource } from '../../../../core/index.js'
import { delimitedTable } from '../../../text/delimited.js'
import { raiseEvaluations } from '../../errors.js'
import { asNumber, asText } from '../../row.js'

/** Names under which tables carry each field, our own first; compared in lower case without punctuation. */
const NAMES = {
  model: ['model', 'model_name', 'name', 'run', 'run_name', 'run_id', 'model_id'],
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
  tokens: ['tokens', 'n_tokens', 'num_tokens', 'train_tokens', 'training_tokens', 'd', 'tokens_seen'],
  flops: ['flops', 'c', 'compute', 'train_flops', 'training_flops', 'total_flops', 'flop'],
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
} as const

export type Field = keyof typeof NAMES
const FIELDS = Object.keys(NAMES) as Field[]
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'none', 'null', '-', 'inf', '-inf', 'infinity', '-infinity'])

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly { line: number; get(column: string): unknown }[]
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
      throw raiseEvaluations(
        'malformed',
        error instanceof Error ? error.message : String(error),
        { path: source.path, line: index + 1 },
        error,
      )
    }
    for (const column of Object.keys(record)) columns.add(column)
    rows.push({ line: index + 1, get: (column) => record[column] })
  }
  return { columns: [...columns], rows }
}

/** A CSV, TSV or JSONL text as rows with their lines. */
export function tableOf(source: EvaluationsSource): Table {
  if (source.text.trimStart().startsWith('{')) return tableOfJsonl(source)
  return delimitedTable(source.text, (message, line) =>
    raiseEvaluations('malformed', message, { path: source.path, line }),
  )
}

/** Our fields → the table's columns: the user's choice first, then known names. */
export function chooseColumns(
  columns: readonly string[],
  chosen: Readonly<Record<string, string>>,
  path: string,
): Map<Field, string> {
  const byPlain = new Map(columns.map((c) => [plain(c), c]))
  const out = new Map<Field, string>()
  const taken = new Set<string>()
  for (const [field, column] of Object.entries(chosen)) {
    if (!FIELDS.includes(field as Field)) continue
    // One map serves several files: a column that this file lacks may belong to another one.
    if (!columns.includes(column)) continue
    out.set(field as Field, column)
    taken.add(column)
  }
  for (const field of FIELDS) {
    if (out.has(field)) continue
    const found = NAMES[field].map((name) => byPlain.get(name)).find((c) => c !== undefined && !taken.has(c))
    if (found === undefined) continue
    out.set(field, found)
    taken.add(found)
  }
  if (!out.has('model'))
    throw raiseEvaluations(
      'missing-column',
      `no column for the model; the table has ${columns.map((c) => `"${c}"`).join(', ')}`,
      { path },
    )
  return out
}

/** The cells of one row by our field names. */
export class Cells {
  constructor(
    private readonly row: Table['rows'][number],
    private readonly columns: ReadonlyMap<Field, string>,
  ) {}
  raw(field: Field): unknown {
    const column = this.columns.get(field)
    return column === undefined ? undefined : this.row.get(column)
  }
  text(field: Field): string | null {
    return asText(this.raw(field))
  }
  number(field: Field): number | null {
    return asNumber(this.raw(field))
  }
  /** A quantity that must be positive where it is given; `fault` says what stands there instead. */
  positive(field: Field, faults: string[]): number | null {
    const cell = this.raw(field)
    if (
      cell === undefined ||
      cell === null ||
      (typeof cell === 'string' && MISSING.has(cell.trim().toLowerCase()))
    )
      return null
    const value = asNumber(cell)
    if (value !== null && value >= 0) return value
    faults.push(`${this.columns.get(field)} is ${JSON.stringify(cell)}, expected a number ≥ 0`)
    return null
  }
}
