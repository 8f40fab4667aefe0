import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  instancesOf,
  raiseTask as raise,
  type Task,
  type TaskDocument,
  textOfField,
} from '../../core/index.js'
import { type Declaration, declare, define, definitionHash, fewshotEntries } from './definition.js'
import { compileField, isMapping, needsPython } from './fields.js'
import { helperOf } from './helpers.js'
import { documentHash, filesHash, readSplit, type Split, type SplitOptions } from './items.js'
import { type Entry, PythonFunction, readTaskYaml } from './read-yaml.js'

const SHIPPED = fileURLToPath(new URL('../../../tasks/', import.meta.url))

/** Names of the tasks that ship. */
export function shippedTasks(): readonly string[] {
  return readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort()
}

/** Where a task's items come from. */
export interface LoadTaskOptions {
  /** Items: a file for the rows that are asked, or files by split. Where left out, the definition's `data_files`. */
  readonly data?: string | Readonly<Record<string, string>>
  /** Our column → the file's (`--columns question=query`). */
  readonly columns?: Readonly<Record<string, string>>
  /** Brings the files of a split of a dataset on the Hub, or the one file that a reference (`hf:…`) names; where left out nothing is. */
  readonly fetch?: (wanted: HubSplit | string) => Promise<readonly string[]>
}

/** A split of a dataset on the Hugging Face Hub. */
export interface HubSplit {
  readonly repository: string
  readonly name: string | null
  readonly split: string
}

const LOCAL_KINDS = new Set(['json', 'csv', 'parquet'])

/** Whether rows stand in a file on the Hub. */
const isOnHub = (path: string): boolean => /^hf:/i.test(path)

function pathOf(pathOrName: string): string {
  if (existsSync(pathOrName)) return resolve(pathOrName)
  const shipped = resolve(SHIPPED, `${pathOrName}.yaml`)
  if (/^[\w-]+$/.test(pathOrName) && existsSync(shipped)) return shipped
  throw raise(
    'unreadable',
    `there is no such file, and no task of that name ships (${shippedTasks().join(', ')})`,
    {
      path: pathOrName,
    },
  )
}

/** Where the rows of splits come from: files given, files that the definition names, or the Hub. */
class Sources {
  private readonly cache = new Map<string, Promise<Split>>()
  private readonly given: Readonly<Record<string, readonly string[]>>

  constructor(
    private readonly declaration: Declaration,
    scored: string,
    private readonly own: SplitOptions,
    private readonly options: LoadTaskOptions,
  ) {
    const { data } = options
    if (data === undefined) this.given = this.declared()
    else this.given = wrap(typeof data === 'string' ? { [scored]: data } : data)
    if (data !== undefined && this.given[scored] === undefined)
      throw raise(
        'no-items',
        `the rows that are asked are those of the split "${scored}"; given are ${Object.keys(this.given).join(', ')}`,
        {
          path: declaration.path,
        },
      )
  }

  /** Files of `dataset_kwargs.data_files`, beside the YAML or where the command runs. */
  private declared(): Readonly<Record<string, readonly string[]>> {
    const { fields } = this.declaration
    const { data_files: files, ...others } = fields.mapping('dataset_kwargs') ?? {}
    const unread = Object.keys(others).filter((name) => !['trust_remote_code', 'revision'].includes(name))
    if (unread.length > 0)
      throw fields.fault('dataset_kwargs', `found ${unread.join(', ')}, expected data_files alone`)
    if (files === undefined) return {}
    const dataset = fields.text('dataset_path') ?? ''
    if (!LOCAL_KINDS.has(dataset) && !REPOSITORY.test(dataset))
      throw fields.fault(
        'dataset_kwargs',
        'data_files are read where dataset_path is json, csv, parquet or a dataset of the Hub (org/name)',
      )
    const entry = fields.entry('dataset_kwargs')!
    const near = (name: string): string => {
      if (isOnHub(name)) return name
      // Of a dataset on the Hub files are named within it, at the revision that stands beside them.
      if (!LOCAL_KINDS.has(dataset))
        return `hf:${dataset}/${name}${others.revision === undefined ? '' : `@${others.revision}`}`
      const beside = resolve(dirname(entry.path), name)
      return existsSync(beside) ? beside : resolve(name)
    }
    const named = typeof files === 'string' || Array.isArray(files) ? { train: files } : files
    if (!isMapping(named))
      throw fields.fault('dataset_kwargs', 'data_files is no path, list or mapping of splits')
    return Object.fromEntries(
      Object.entries(named).map(([split, value]) => {
        const paths = Array.isArray(value) ? value : [value]
        if (paths.length === 0 || paths.some((path) => typeof path !== 'string'))
          throw fields.fault(
            'dataset_kwargs',
            `data_files of "${split}" are ${JSON.stringify(value)}, expected paths`,
          )
        return [split, (paths as string[]).map(near)]
      }),
    )
  }

  /** Rows of a split, or null where nobody told where they are. */
  async read(split: string): Promise<Split | null> {
    const paths = this.given[split] ?? (await this.fetched(split))
    if (paths === null) return null
    const key = JSON.stringify(paths)
    const rows = this.cache.get(key) ?? this.brought(paths).then((here) => readSplit(here, this.own))
    this.cache.set(key, rows)
    return rows
  }

  private get namedBy(): string {
    return this.options.data === undefined ? this.declaration.path : '--data'
  }

  /** Files as they are, those of the Hub as they lie in the cache. */
  private async brought(paths: readonly string[]): Promise<string[]> {
    const { fetch } = this.options
    const here: string[] = []
    for (const path of paths) {
      if (!isOnHub(path)) {
        if (!existsSync(path))
          throw raise('no-items', `there is no such file, which ${this.namedBy} names`, { path })
        here.push(path)
      } else if (fetch === undefined)
        throw raise('no-items', `they stand in ${path}, and nothing is downloaded here`, {
          path: this.declaration.path,
        })
      else here.push(...(await fetch(path)))
    }
    return here
  }

  private async fetched(split: string): Promise<readonly string[] | null> {
    const { fields } = this.declaration
    const repository = fields.text('dataset_path')
    if (this.options.data !== undefined || this.options.fetch === undefined) return null
    if (repository === null || LOCAL_KINDS.has(repository)) return null
    const revision = fields.mapping('dataset_kwargs')?.revision
    if (revision !== undefined && revision !== 'main')
      throw fields.fault(
        'dataset_kwargs',
        `the Hub keeps rows as Parquet of a dataset’s newest revision alone: name files of "${String(revision)}" as data_files`,
      )
    return this.options.fetch({ repository, name: fields.text('dataset_name'), split })
  }
}

/** A dataset on the Hub. */
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/

const wrap = (files: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(files).map(([split, path]) => [split, [path]]))

/** Whether rows go through HellaSwag's helper; any other function is refused. */
function usesHellaswag({ fields, dataset }: Declaration): boolean {
  const shots = fewshotEntries(fields).get('process_docs')
  for (const [name, entry] of [
    ['process_docs', fields.entry('process_docs')],
    ['fewshot_config', shots ?? null],
  ] as const) {
    if (entry === null) continue
    if (!(entry.value instanceof PythonFunction)) throw fields.fault(name, 'process_docs is no !function')
    if (helperOf(entry.value.name, dataset) !== 'hellaswag.process_docs')
      throw needsPython(name, entry, entry.value)
  }
  return fields.entry('process_docs') !== null
}

/** A name of ours that nothing in the definition reads would be given in vain. */
function requireUsed({ path, fields }: Declaration, { columns }: SplitOptions): void {
  const values = fields.values()
  const read = JSON.stringify([...values, 'id'])
  // What a function reads, its name does not tell.
  const unread = values.some((value) => value instanceof PythonFunction)
    ? undefined
    : Object.keys(columns).find((name) => !new RegExp(`\\b${name.replace(/\W/g, '\\$&')}\\b`).test(read))
  if (unread !== undefined) throw raise('no-such-column', `the task reads no field "${unread}"`, { path })
}

/** Rows written into the definition itself (`fewshot_config.samples`). */
function samplesOf(entry: Entry, { fields }: Declaration): TaskDocument[] {
  if (entry.value instanceof PythonFunction) throw needsPython('fewshot_config', entry, entry.value)
  if (!Array.isArray(entry.value) || !entry.value.every(isMapping))
    throw fields.fault('fewshot_config', 'samples is no list of rows')
  return entry.value.map((row, index) => ({
    index,
    line: entry.line,
    path: entry.path,
    id: String(index),
    fields: row,
    hash: documentHash(row),
  }))
}

interface Pool {
  readonly rows: readonly TaskDocument[] | null
  readonly missing: string | null
  readonly paths: readonly string[]
  /** `fewshot_split`, or that of `fewshot_config`. */
  readonly split: string | null
}

async function poolOf(declaration: Declaration, sources: Sources): Promise<Pool> {
  const { fields } = declaration
  const shots = fewshotEntries(fields)
  const named = shots.get('split')?.value
  const split = typeof named === 'string' ? named : fields.text('fewshot_split')
  const samples = shots.get('samples')
  if (split === null && samples !== undefined)
    return { rows: samplesOf(samples, declaration), missing: null, paths: [], split }
  const from =
    split ?? fields.text('training_split') ?? fields.text('validation_split') ?? fields.text('test_split')!
  const read = await sources.read(from)
  return {
    rows: read?.rows ?? null,
    missing: read === null ? `they come from the split "${from}", whose rows are not here` : null,
    paths: read?.paths ?? [],
    split,
  }
}

/** Mean over rows of right choices by choices, where there are choices. */
function guessing(task: Task): number | null {
  const asked = instancesOf(task, { shots: 0 })
  if (task.output !== 'multiple_choice') return task.output === 'generate_until' ? 0 : null
  return asked.reduce((sum, { gold, choices }) => sum + gold.length / choices.length, 0) / asked.length
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/**
 * A task's definition and rows: a YAML of lm-evaluation-harness's declarative kind, by path or by the name of one that
 * ships. `metadata.split_by` makes several tasks of one file, one for each value of a column.
 *
 * @throws {AssayError} `task/…` with file, line and field; `table/…` where a file of items cannot be read
 */
export async function loadTasks(pathOrName: string, options: LoadTaskOptions = {}): Promise<Task[]> {
  const path = pathOf(pathOrName)
  const declaration = declare(path, readTaskYaml(path))
  const { fields, metadata, dataset, output } = declaration
  const scored = fields.text('test_split') ?? fields.text('validation_split')
  if (scored === null)
    throw raise('bad-field', 'neither test_split nor validation_split says which rows are asked', { path })
  const given = textOrNull(metadata.id) ?? (metadata.id === null ? null : 'id')
  const own: SplitOptions = {
    columns: options.columns ?? {},
    id: given,
    hellaswag: usesHellaswag(declaration),
  }
  requireUsed(declaration, own)
  const sources = new Sources(declaration, scored, own, options)
  const asked = await sources.read(scored)
  if (asked === null)
    throw raise(
      'no-items',
      `${dataset === '' ? 'no data_files are named' : `they are the split "${scored}" of ${dataset}`}`,
      { path },
    )
  const pool = await poolOf(declaration, sources)
  const definition = define(declaration, new Set(asked.columns), pool.split)
  const whole: Task = {
    name: declaration.name,
    path,
    version: typeof metadata.version === 'number' ? metadata.version : textOrNull(metadata.version),
    output,
    chance: null,
    metrics: declaration.metrics,
    numFewshot: fields.count('num_fewshot') ?? 0,
    citation: textOrNull(metadata.citation),
    source: textOrNull(metadata.source),
    licence: textOrNull(metadata.licence),
    filter: declaration.filter,
    definitionSha256: definitionHash(declaration),
    itemsSha256: filesHash([...new Set([...asked.paths, ...pool.paths])]),
    documents: asked.rows,
    pool: pool.rows,
    poolMissing: pool.missing,
    templates: definition.forms.map(({ name }) => name),
    notes: declaration.notes,
    definition,
  }
  const { chance } = metadata
  return parts(whole, declaration, new Set(asked.columns)).map((task) => {
    const guessed = guessing(task)
    return { ...task, chance: typeof chance === 'number' ? chance : guessed }
  })
}

/** The task itself, or one for each value of `metadata.split_by`, with the rows of that value. */
function parts(task: Task, { fields, metadata, dataset }: Declaration, columns: ReadonlySet<string>): Task[] {
  const entry = fields.entry('metadata')
  if (metadata.split_by === undefined || entry === null) return [task]
  const by = compileField(
    'split_by',
    { ...entry, value: metadata.split_by },
    { columns, dataset, choices: [] },
  )
  const group = (rows: readonly TaskDocument[]): Map<string, TaskDocument[]> => {
    const groups = new Map<string, TaskDocument[]>()
    for (const row of rows) {
      const name = textOfField(by, row)
      const own = groups.get(name) ?? []
      own.push({ ...row, index: own.length })
      groups.set(name, own)
    }
    return groups
  }
  const pools = task.pool === null ? null : group(task.pool)
  return [...group(task.documents)].map(([name, documents]) => ({
    ...task,
    name: `${task.name}_${name}`,
    documents,
    pool: pools === null ? null : (pools.get(name) ?? []),
  }))
}
