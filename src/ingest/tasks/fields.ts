import { parse, tokenize } from '@huggingface/jinja'
import {
  messageOf,
  type PlacedField,
  type PyValue,
  raiseTask as raise,
  type TemplateNode,
} from '../../core/index.js'
import { helperOf, type PythonHelper } from './helpers.js'
import { type Entry, PythonFunction } from './read-yaml.js'

const isPlain = (value: unknown): value is PyValue =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every(isPlain)) ||
  isMapping(value)

/** A mapping of plain values. */
export const isMapping = (value: unknown): value is Readonly<Record<string, PyValue>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof PythonFunction) &&
  Object.values(value).every(isPlain)

/** A value as a message shows it. */
function found(value: unknown): string {
  if (value instanceof PythonFunction) return `!function ${value.name}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/** Reads fields of a definition by their types; a null field is one that is left out. */
export class DefinitionFields {
  constructor(private readonly entries: ReadonlyMap<string, Entry>) {}

  /** The same fields with some of them replaced. */
  with(own: ReadonlyMap<string, Entry>): DefinitionFields {
    return new DefinitionFields(new Map([...this.entries, ...own]))
  }

  values(): unknown[] {
    return [...this.entries.values()].map(({ value }) => value)
  }

  entry(name: string): Entry | null {
    const entry = this.entries.get(name)
    return entry === undefined || entry.value === null || entry.value === undefined ? null : entry
  }

  fault(name: string, message: string): Error {
    const entry = this.entries.get(name)
    return raise('bad-field', message, { path: entry?.path ?? '', line: entry?.line ?? 1, field: name })
  }

  private expect<T>(name: string, accepts: (value: unknown) => value is T, expected: string): T | null {
    const entry = this.entry(name)
    if (entry === null) return null
    if (entry.value instanceof PythonFunction) throw needsPython(name, entry, entry.value)
    if (accepts(entry.value)) return entry.value
    throw this.fault(name, `found ${found(entry.value)}, expected ${expected}`)
  }

  text(name: string): string | null {
    return this.expect(name, (value): value is string => typeof value === 'string', 'text')
  }

  count(name: string): number | null {
    const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0
    return this.expect(name, isCount, 'a whole number from 0')
  }

  mapping(name: string): Readonly<Record<string, PyValue>> | null {
    return this.expect(name, isMapping, 'a mapping of texts, numbers and lists, without functions')
  }

  list(name: string): readonly PyValue[] | null {
    const isList = (value: unknown): value is readonly PyValue[] =>
      Array.isArray(value) && value.every(isPlain)
    return this.expect(name, isList, 'a list of texts, numbers and mappings, without functions')
  }
}

/** The refusal of a function that is not done again here. */
export const needsPython = (field: string, { path, line }: Entry, { name }: PythonFunction): Error =>
  raise('needs-python', `"${field}" is the Python function ${name}, which Assay does not run`, {
    path,
    line,
    field,
  })

/** What lies behind a template's text: its tree. @throws {AssayError} task/template */
function parseTemplate(source: string, name: string, { path, line }: Entry): TemplateNode {
  // Jinja keeps a last newline under keep_trailing_newline, which the parser drops; it reads \r\n as \n.
  const text = source.replace(/\r\n?/g, '\n')
  try {
    return parse(tokenize(text.endsWith('\n') ? `${text}\n` : text)) as unknown as TemplateNode
  } catch (error) {
    const message = messageOf(error)
    throw raise('template', `${message} in ${found(source)}`, { path, line, field: name }, error)
  }
}

/** Where a definition is compiled: what columns there are decides what a text stands for. */
export interface FieldContext {
  readonly columns: ReadonlySet<string>
  readonly dataset: string
  /** Choices that are the same for all rows. */
  readonly choices: readonly string[]
}

/** Fields of which a lone word that is no column would be the same text for every row. */
const BARE = new Set(['doc_to_text', 'doc_to_choice', 'doc_to_target', 'cluster', 'split_by'])

/** A column, or one of the choices that are the same for all rows. */
const isKnownWord = (word: string, { columns, choices }: FieldContext): boolean =>
  columns.has(word) || choices.includes(word)

/**
 * A field that tells something of a row: a column's name, a template, a value, or a helper done again by name.
 *
 * @throws {AssayError} `task/bad-field`, `task/template`, `task/needs-python`
 */
export function compileField(name: string, entry: Entry | null, context: FieldContext): PlacedField | null {
  if (entry === null) return null
  const { value, path, line } = entry
  const placed = (field: PlacedField['field']): PlacedField => ({ name, path, line, field })
  if (value instanceof PythonFunction) {
    const helper: PythonHelper | undefined = helperOf(value.name, context.dataset)
    if (helper === undefined || helper === 'hellaswag.process_docs' || !helper.endsWith(`.${name}`))
      throw needsPython(name, entry, value)
    return placed({ kind: 'helper', helper })
  }
  if (
    typeof value === 'string' &&
    /^[A-Za-z_]\w*$/.test(value) &&
    BARE.has(name) &&
    !isKnownWord(value, context)
  )
    throw raise(
      'bad-field',
      `there is no column "${value}"; the rows have ${[...context.columns].join(', ')}`,
      {
        path,
        line,
        field: name,
      },
    )
  if (typeof value === 'string')
    return context.columns.has(value)
      ? placed({ kind: 'column', column: value })
      : placed({ kind: 'template', source: value, template: parseTemplate(value, name, entry) })
  if (isPlain(value) && value !== null && typeof value !== 'boolean') return placed({ kind: 'value', value })
  throw raise('bad-field', `found ${found(value)}, expected a column, a template, a number or a list`, {
    path,
    line,
    field: name,
  })
}
