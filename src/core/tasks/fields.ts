import { raise } from './errors.js'
import { callHelper } from './helpers.js'
import { TemplateFault } from './jinja/fault.js'
import { renderTemplate } from './jinja/render.js'
import { parseLiteral } from './python/literal.js'
import { isDict, isList, type PyValue, pythonStr, typeName } from './python/value.js'
import type { PlacedField, TaskDocument } from './task.js'

/** What a row is missing or has wrong, in words; raised with the row's place as `task/bad-item`. */
export class ItemFault extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message)
  }
}

const DIGITS = /^\d+$/

/** What a field tells of a row: a column's value, a rendered text, a value of its own. */
function tell(
  { name, path, line, field }: PlacedField,
  { fields, path: items, line: row }: TaskDocument,
): PyValue {
  switch (field.kind) {
    case 'value':
      return field.value
    case 'column': {
      const value = Object.hasOwn(fields, field.column) ? fields[field.column]! : undefined
      if (value === undefined) throw new ItemFault(name, `there is no column "${field.column}"`)
      return value
    }
    case 'helper':
      return callHelper(field.helper, fields, (message) => new ItemFault(name, message))
    case 'template':
      try {
        return renderTemplate(field.template, fields)
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error
        throw raise('template', `${error.message} (${items}:${row})`, { path, line, field: name }, error)
      }
  }
}

function literal(text: string, name: string, expected: string): PyValue {
  try {
    return parseLiteral(text)
  } catch {
    throw new ItemFault(name, `found the text ${JSON.stringify(text)}, ${expected}`)
  }
}

/** A rendered template that is a number, where choices are numbered. */
const numbered = (value: PyValue, placed: PlacedField, hasChoices: boolean): PyValue =>
  placed.field.kind === 'template' && hasChoices && typeof value === 'string' && DIGITS.test(value)
    ? literal(value, placed.name, 'expected a number')
    : value

/** `doc_to_text`: the question, or the number of the right context where several go before one continuation. */
export function docToText(placed: PlacedField, document: TaskDocument, hasChoices: boolean): string | number {
  const value = numbered(tell(placed, document), placed, hasChoices)
  if (typeof value === 'string' || typeof value === 'number') return value
  throw new ItemFault(placed.name, `found ${typeName(value)}, expected text`)
}

/** `doc_to_target`: the right answer as text, as the number of a choice, or several of these. */
export function docToTarget(placed: PlacedField, document: TaskDocument, hasChoices: boolean): PyValue {
  const value = numbered(tell(placed, document), placed, hasChoices)
  if (typeof value === 'boolean') return Number(value)
  if (
    placed.field.kind !== 'template' ||
    typeof value !== 'string' ||
    !(value.startsWith('[') && value.endsWith(']') && value.length > 1)
  )
    return value
  try {
    return parseLiteral(value)
  } catch {
    // A text in brackets, not a list: the harness keeps it, too.
    return value
  }
}

/** `doc_to_choice`: the choices, two or more texts. */
export function docToChoice(placed: PlacedField, document: TaskDocument): readonly string[] {
  const told = tell(placed, document)
  const value =
    placed.field.kind === 'template' ? literal(String(told), placed.name, 'expected a list of texts') : told
  const list = isDict(value) ? Object.values(value) : value
  if (!isList(list) || list.length < 2)
    throw new ItemFault(placed.name, `found ${shown(list)}, expected a list of two or more texts`)
  const bad = list.findIndex((choice) => typeof choice !== 'string' || choice === '')
  if (bad >= 0)
    throw new ItemFault(placed.name, `choice ${bad} is ${shown(list[bad]!)}, expected text that is not empty`)
  return list as readonly string[]
}

/** A text that a field gives, or nothing. */
export function textOf(placed: PlacedField | null, document: TaskDocument): string {
  return placed === null ? '' : pythonStr(tell(placed, document))
}

/** A value in a message, cut where it is long. */
export function shown(value: PyValue | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
