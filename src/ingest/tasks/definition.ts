import { createHash } from 'node:crypto'
import {
  type PyDict,
  type PyValue,
  raiseTask as raise,
  type TaskDefinition,
  type TaskForm,
  type TaskOutput,
  type TaskTurn,
} from '../../core/index.js'
import { compileField, DefinitionFields, type FieldContext, isMapping, needsPython } from './fields.js'
import { generationOf } from './generation.js'
import { type Entry, PythonFunction } from './read-yaml.js'

const OUTPUTS: readonly TaskOutput[] = [
  'multiple_choice',
  'loglikelihood',
  'loglikelihood_rolling',
  'generate_until',
]

/** Fields that say how a row is asked; a template of `metadata.templates` may replace them. */
const ASKING = [
  'doc_to_text',
  'doc_to_target',
  'doc_to_choice',
  'description',
  'target_delimiter',
  'fewshot_delimiter',
  'gen_prefix',
] as const

const KNOWN = new Set<string>([
  ...ASKING,
  ...['task', 'output_type', 'dataset_path', 'dataset_name', 'dataset_kwargs', 'process_docs', 'metric_list'],
  ...['training_split', 'validation_split', 'test_split', 'fewshot_split', 'fewshot_config', 'num_fewshot'],
  ...['generation_kwargs', 'filter_list', 'repeats', 'metadata'],
])

/** Fields that change no request: names for lists of tasks, and what marks contaminated rows. */
const PASSED_OVER = new Set([
  ...['tag', 'task_alias', 'should_decontaminate', 'doc_to_decontamination_query', 'unsafe_code', 'recipe'],
])

/** Fields whose Python makes what is asked. */
const MADE_BY_PYTHON: Readonly<Record<string, string>> = {
  class: 'it is a Python class',
  custom_dataset: 'its rows are made by a Python function',
  process_results: 'its scores are made by a Python function',
}

/** Fields of which the harness makes something that Assay does not ask. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  group: 'it is a group of tasks; name its tasks one by one',
  use_prompt: 'promptsource is not read; write the prompt as doc_to_text',
  doc_to_image: 'images are not asked',
  doc_to_audio: 'sound is not asked',
}

const REFUSED = [
  ['needs-python', MADE_BY_PYTHON],
  ['not-asked', NOT_ASKED],
] as const

const METADATA = new Set([
  ...['version', 'chance', 'citation', 'source', 'licence', 'cluster', 'id', 'templates', 'split_by'],
])

/** What a task's YAML says, before its items are known. */
export interface Declaration {
  readonly path: string
  readonly fields: DefinitionFields
  readonly name: string
  readonly output: TaskOutput
  readonly dataset: string
  readonly metadata: PyDict
  readonly metrics: readonly string[]
  /** Name of the first pipeline of `filter_list`; `none` where there is none. */
  readonly filter: string
  readonly notes: readonly string[]
}

function checkNames(entries: ReadonlyMap<string, Entry>): string[] {
  const passed: string[] = []
  for (const [name, { path, line, value }] of entries) {
    const place = { path, line, field: name }
    if (KNOWN.has(name)) continue
    for (const [code, refused] of REFUSED)
      if (value !== null && Object.hasOwn(refused, name)) throw raise(code, refused[name]!, place)
    if (!PASSED_OVER.has(name) && REFUSED.every(([, refused]) => !Object.hasOwn(refused, name)))
      throw raise('unknown-field', `found "${name}"`, place)
    passed.push(name)
  }
  return passed
}

/** Names of scores; those that a Python function makes are left out, each with a note. */
function metricsOf(fields: DefinitionFields, output: TaskOutput): { metrics: string[]; notes: string[] } {
  const entry = fields.entry('metric_list')
  if (entry === null)
    return {
      metrics: {
        multiple_choice: ['acc', 'acc_norm'],
        loglikelihood: ['perplexity', 'acc'],
        loglikelihood_rolling: ['word_perplexity', 'byte_perplexity', 'bits_per_byte'],
        generate_until: ['exact_match'],
      }[output],
      notes: [],
    }
  const list = Array.isArray(entry.value) ? (entry.value as unknown[]) : []
  const metrics: string[] = []
  const notes: string[] = []
  for (const one of list.map((item) =>
    typeof item === 'object' && item !== null ? Object.entries(item) : [],
  )) {
    const name = one.find(([key]) => key === 'metric')?.[1] as unknown
    const made = one.find(([, value]) => value instanceof PythonFunction)?.[1] as PythonFunction | undefined
    if (made !== undefined) notes.push(`left out: a score that the Python function ${made.name} makes`)
    else if (typeof name === 'string') metrics.push(name)
    else throw fields.fault('metric_list', 'expected "metric: NAME" in every entry')
  }
  if (metrics.length === 0 && notes.length > 0)
    throw raise('needs-python', 'all its scores are made by Python functions', {
      ...entry,
      field: 'metric_list',
    })
  if (metrics.length === 0) throw fields.fault('metric_list', 'expected a list of "metric: NAME"')
  return { metrics, notes }
}

/**
 * Check what needs no items: names of fields, kinds of values.
 *
 * @throws {AssayError} `task/unknown-field`, `task/bad-field`, `task/needs-python`, each with its line
 */
export function declare(path: string, entries: ReadonlyMap<string, Entry>): Declaration {
  checkNames(entries)
  const fields = new DefinitionFields(entries)
  const need = (name: string): string => {
    const text = fields.text(name)
    if (text === null || text === '') throw raise('bad-field', `"${name}" is missing`, { path, field: name })
    return text
  }
  const name = need('task')
  const output = (fields.text('output_type') ?? 'generate_until') as TaskOutput
  if (!OUTPUTS.includes(output))
    throw fields.fault('output_type', `found "${output}", expected ${OUTPUTS.join(', ')}`)
  if ((fields.count('repeats') ?? 1) !== 1)
    throw fields.fault('repeats', 'every row is asked once; expected 1')
  const metadata = fields.mapping('metadata') ?? {}
  const unread = Object.keys(metadata).filter((key) => !METADATA.has(key))
  const { chance } = metadata
  if (chance !== undefined && (typeof chance !== 'number' || !(chance >= 0 && chance < 1)))
    throw fields.fault('metadata', `chance is ${JSON.stringify(chance)}, expected a share from 0 to below 1`)
  const fewshot = fields.entry('fewshot_config')
  const scores = metricsOf(fields, output)
  const pipelines = fields.entry('filter_list')?.value
  const [pipeline] = Array.isArray(pipelines) ? pipelines : []
  const more = Array.isArray(pipelines) ? pipelines.length - 1 : 0
  const indices = isMapping(fewshot?.value) && fewshot.value.fewshot_indices !== undefined
  return {
    path,
    fields,
    name,
    output,
    dataset: [fields.text('dataset_path'), fields.text('dataset_name')]
      .filter((part) => part !== null)
      .join(' '),
    metadata,
    metrics: scores.metrics,
    filter: isMapping(pipeline) && typeof pipeline.name === 'string' ? pipeline.name : 'none',
    notes: [
      ...scores.notes,
      ...(more > 0 ? [`left out: ${more} more of filter_list; the first is used`] : []),
      ...(unread.length > 0 ? [`metadata that nothing is made of: ${unread.join(', ')}`] : []),
      ...(indices ? ['fewshot_indices is passed over, as lm-evaluation-harness 0.4.13 does'] : []),
    ],
  }
}

const FEWSHOT = new Set([
  ...[
    'sampler',
    'split',
    'process_docs',
    'fewshot_indices',
    'samples',
    'doc_to_text',
    'doc_to_choice',
    'doc_to_target',
  ],
  ...['gen_prefix', 'fewshot_delimiter', 'target_delimiter'],
])

/** Fields of `fewshot_config` as entries of their own, each at the line of the whole. */
export function fewshotEntries(fields: DefinitionFields): Map<string, Entry> {
  const entry = fields.entry('fewshot_config')
  if (entry === null) return new Map()
  if (typeof entry.value !== 'object' || Array.isArray(entry.value) || entry.value instanceof PythonFunction)
    throw fields.fault('fewshot_config', 'expected a mapping, such as "sampler: first_n"')
  const own = Object.entries(entry.value as object).map(([name, value]): [string, Entry] => [
    name,
    { ...entry, value },
  ])
  const unknown = own.find(([name]) => !FEWSHOT.has(name))
  if (unknown !== undefined)
    throw raise('unknown-field', `fewshot_config has "${unknown[0]}"`, {
      path: entry.path,
      line: entry.line,
      field: 'fewshot_config',
    })
  return new Map(own.filter(([, { value }]) => value !== null))
}

function turnOf(fields: DefinitionFields, context: FieldContext): TaskTurn {
  const field = (name: string) => compileField(name, fields.entry(name), context)
  const nothing = { name: 'doc_to_text', path: '', line: 1, field: { kind: 'value', value: '' } } as const
  return {
    text: field('doc_to_text') ?? nothing,
    target: field('doc_to_target'),
    choice: field('doc_to_choice'),
    prefix: field('gen_prefix'),
    targetDelimiter: fields.text('target_delimiter') ?? ' ',
    fewshotDelimiter: fields.text('fewshot_delimiter') ?? '\n\n',
  }
}

function formOf(
  name: string,
  fields: DefinitionFields,
  shown: DefinitionFields,
  context: FieldContext,
): TaskForm {
  return {
    name,
    description: compileField('description', fields.entry('description'), context),
    asked: turnOf(fields, context),
    shown: turnOf(shown, context),
  }
}

/** Ways to ask: the definition's own, then those of `metadata.templates`. */
function formsOf({ fields, metadata }: Declaration, context: FieldContext): TaskForm[] {
  const shots = fewshotEntries(fields)
  const own = formOf('own', fields, fields.with(shots), context)
  const { templates = [] } = metadata
  const place = fields.entry('metadata')
  if (!Array.isArray(templates)) throw fields.fault('metadata', 'templates is no list')
  const others = (templates as readonly PyValue[]).map((template, i) => {
    if (!isMapping(template)) throw fields.fault('metadata', `template ${i + 1} is no mapping`)
    const { name = `template ${i + 1}`, ...replaced } = template
    const unknown = Object.keys(replaced).find((key) => !(ASKING as readonly string[]).includes(key))
    if (unknown !== undefined)
      throw fields.fault('metadata', `template ${i + 1} has "${unknown}", expected ${ASKING.join(', ')}`)
    const asked = fields.with(
      new Map(
        Object.entries(replaced).map(([key, value]) => [
          key,
          { path: place!.path, line: place!.line, value },
        ]),
      ),
    )
    return formOf(String(name), asked, asked, context)
  })
  return [own, ...others]
}

/**
 * The definition over known columns.
 *
 * @throws {AssayError} `task/bad-field`, `task/template`, `task/needs-python`, `task/unknown-field`
 */
export function define(
  declaration: Declaration,
  columns: ReadonlySet<string>,
  shotSplit: string | null,
): TaskDefinition {
  const { fields, dataset, metadata } = declaration
  const choices = fields.entry('doc_to_choice')?.value
  const context = { columns, dataset, choices: Array.isArray(choices) ? choices.map(String) : [] }
  const sampler = fewshotEntries(fields).get('sampler')
  const name = sampler?.value ?? 'default'
  if (sampler?.value instanceof PythonFunction) throw needsPython('fewshot_config', sampler, sampler.value)
  if (name !== 'default' && name !== 'first_n')
    throw fields.fault('fewshot_config', `sampler is ${JSON.stringify(name)}, expected default or first_n`)
  const { cluster } = metadata
  const place = fields.entry('metadata')
  return {
    forms: formsOf(declaration, context),
    sampler: name,
    dropsAsked: shotSplit === fields.text('test_split'),
    generation: generationOf(fields, declaration.output, declaration.metrics),
    cluster:
      cluster === undefined || place === null
        ? null
        : compileField('cluster', { ...place, value: cluster }, context),
  }
}

const ASKED_BY = [
  ...ASKING,
  ...[
    'output_type',
    'fewshot_config',
    'fewshot_split',
    'test_split',
    'generation_kwargs',
    'filter_list',
    'process_docs',
  ],
]

/** SHA-256 of what says how rows are asked: two tasks of one hash ask the same of the same rows. */
export function definitionHash({ fields, metadata }: Declaration): string {
  const told = ASKED_BY.map((name) => {
    const value = fields.entry(name)?.value ?? null
    return [name, value instanceof PythonFunction ? `!function ${value.name}` : value]
  })
  return createHash('sha256')
    .update(JSON.stringify([told, metadata.templates ?? null]))
    .digest('hex')
}
