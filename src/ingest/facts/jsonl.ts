import { type Fact, furtherFaults, messageOf, type Place } from '../../core/index.js'
import { checkFact } from './check-fact.js'
import { MAX_LISTED_FAULTS, raise } from './errors.js'

interface Fault {
  readonly place: Place
  readonly message: string
}

/** A fact and the line it stands on, 1-based, where the file has lines. */
interface FactAtLine {
  readonly fact: Fact
  readonly line?: number
}

/** The first fault as the error's place and the next ones as its message, up to a cap. */
function describeFaults(faults: readonly Fault[]): string {
  const [first, ...rest] = faults
  return `${first?.message ?? ''}${furtherFaults(rest, MAX_LISTED_FAULTS)}`
}

/**
 * Facts of a JSONL text: one object a line, blank lines skipped, a byte-order mark and CRLF accepted.
 *
 * @param text    the whole file
 * @param path    for messages
 * @param columns our field → the file's
 * @throws {AssayError} facts/not-json, facts/bad-field: every bad line up to a cap, line and field named
 */
export function parseFactsJsonl(
  text: string,
  path: string,
  columns: Readonly<Record<string, string>> = {},
): FactAtLine[] {
  const rows: { line: number; value: unknown }[] = []
  const syntax: Fault[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = index + 1
    if (raw.trim() === '') continue
    try {
      rows.push({ line, value: JSON.parse(raw) as unknown })
    } catch (error) {
      syntax.push({ place: { path, line }, message: messageOf(error) })
    }
  }
  if (syntax[0] !== undefined) throw raise('not-json', describeFaults(syntax), syntax[0].place)
  return checkedFacts(rows, path, columns)
}

/**
 * Rows as facts.
 *
 * @throws {AssayError} facts/bad-field: every bad row up to a cap, with its line where there are lines
 */
export function checkedFacts(
  rows: readonly { readonly line?: number; readonly value: unknown }[],
  path: string,
  columns: Readonly<Record<string, string>>,
): FactAtLine[] {
  const facts: FactAtLine[] = []
  const fields: Fault[] = []
  for (const { line, value } of rows) {
    const fact = checkFact(value, columns)
    const at: Place = line === undefined ? { path } : { path, line }
    if (!Array.isArray(fact)) facts.push(line === undefined ? { fact } : { fact, line })
    else
      for (const { field, message } of fact)
        fields.push({ place: field === '' ? at : { ...at, field }, message })
  }
  if (fields[0] !== undefined) throw raise('bad-field', describeFaults(fields), fields[0].place)
  return facts
}
