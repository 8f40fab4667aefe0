import type { Fact } from '../../core/index.js'
import { factId } from './fact-id.js'

/** A field that cannot be used, in words: what was found, what was expected. */
export interface FieldFault {
  readonly field: string
  readonly message: string
}

const FIELDS = ['id', 'subject', 'relation', 'object', 'aliases', 'subject_aliases', 'domain'] as const
type Field = (typeof FIELDS)[number]

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** Half of a surrogate pair has no UTF-8 form, so no text can contain it. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

function readName(value: unknown, field: Field): string | FieldFault {
  if (value === undefined) return { field, message: 'is missing; expected a non-empty string' }
  if (!isName(value)) return { field, message: `found ${show(value)}, expected a non-empty string` }
  if (!isWellFormed(value))
    return { field, message: `found ${show(value)}, which holds half of a surrogate pair` }
  return value
}

function readNames(value: unknown, field: Field): readonly string[] | FieldFault {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return { field, message: `found ${show(value)}, expected a list of strings` }
  const bad = value.find((name) => !isName(name) || !isWellFormed(name))
  if (bad !== undefined || value.includes(undefined))
    return { field, message: `found ${show(bad)} in the list, expected non-empty strings` }
  return value as string[]
}

function readOptional(value: unknown, field: Field): string | undefined | FieldFault {
  if (value === undefined || value === null) return undefined
  // Ids that are whole numbers are common in tables; they lose nothing as text.
  if (field === 'id' && typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (field === 'domain' && value === '') return undefined
  if (!isName(value)) return { field, message: `found ${show(value)}, expected a non-empty string` }
  return value
}

/**
 * A parsed JSON value as a fact, or every fault in it.
 *
 * @param columns our field → the file's, for foreign tables (`--columns subject=head`)
 */
export function checkFact(value: unknown, columns: Readonly<Record<string, string>>): Fact | FieldFault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ field: '', message: `found ${show(value)}, expected an object` }]
  const row = value as Readonly<Record<string, unknown>>
  const faults: FieldFault[] = []
  const take = <T>(field: Field, read: (value: unknown, field: Field) => T | FieldFault, missing: T): T => {
    const result = read(row[columns[field] ?? field], field)
    if (typeof result !== 'object' || result === null || !('message' in result)) return result as T
    const column = columns[field] ?? field
    faults.push({ field: column, message: result.message })
    return missing
  }
  const subject = take<string>('subject', readName, '')
  const relation = take<string>('relation', readName, '')
  const object = take<string>('object', readName, '')
  const aliases = take<readonly string[]>('aliases', readNames, [])
  const subjectAliases = take<readonly string[]>('subject_aliases', readNames, [])
  const id = take<string | undefined>('id', readOptional, undefined)
  const domain = take<string | undefined>('domain', readOptional, undefined)
  if (faults.length > 0) return faults
  return {
    fact_id: id ?? factId(subject, relation, object),
    subject,
    relation,
    object,
    aliases,
    subject_aliases: subjectAliases,
    domain: domain ?? '',
  }
}
