/**
 * The error catalogue's base. Each room keeps one catalogue file: `{code: {title, fix}}`;
 * codes are permanent, messages may improve.
 */

import { withoutSecrets } from './text/addresses.js'

/** What went wrong; the command line gives each kind its exit code. */
export type ErrorKind = 'input' | 'engine' | 'interrupted'

/** Where the fault lies, so that nobody has to search for it. */
export interface Place {
  readonly path?: string
  readonly line?: number
  readonly column?: number
  readonly field?: string
  readonly byteOffset?: number
}

/** One way in which input or an engine can fail. */
export interface ErrorEntry {
  readonly kind: ErrorKind
  readonly title: string
  readonly fix: string
  /** What was gathered is kept, where the command gathers for good: `--resume` goes on from there. */
  readonly resumable?: true
}

/** Said behind the fix of a resumable error, where the command has the option. */
const RESUME = 'What was gathered is kept: with --resume it goes on from there.'

/** What to do about an error, for a command that has `--resume` or not. */
export function fixOf({ fix, resumable }: Pick<ErrorEntry, 'fix' | 'resumable'>, resumes: boolean): string {
  return resumes && resumable === true ? `${fix} ${RESUME}` : fix
}

/** An error that its reader can act on: code, what happened, where, what to do. It never tells what is secret in an address. */
export class AssayError extends Error {
  override readonly name = 'AssayError'
  readonly code: string
  readonly kind: ErrorKind
  readonly title: string
  readonly fix: string
  readonly resumable: true | undefined
  readonly place: Place | undefined

  constructor(code: string, entry: ErrorEntry, message: string, place?: Place, cause?: unknown) {
    super(withoutSecrets(message), cause === undefined ? undefined : { cause })
    this.code = code
    this.kind = entry.kind
    this.title = entry.title
    this.fix = entry.fix
    this.resumable = entry.resumable
    this.place = place?.path === undefined ? place : { ...place, path: withoutSecrets(place.path) }
  }
}

/** A room's way to raise its own errors: `const raise = defineErrors('ingest', {...}); throw raise('not-a-number', …)`. */
export function defineErrors<Names extends string>(room: string, catalogue: Record<Names, ErrorEntry>) {
  const raise = (name: Names, message: string, place?: Place, cause?: unknown): AssayError =>
    new AssayError(`${room}/${name}`, catalogue[name], message, place, cause)
  return Object.assign(raise, { room, catalogue: catalogue as Readonly<Record<Names, ErrorEntry>> })
}

/** `path:line, field "loss"`, or as much of it as is known. */
export function formatPlace(place: Place): string {
  let where = place.path ?? ''
  if (place.line !== undefined) where += `:${place.line}`
  if (place.column !== undefined) where += `:${place.column}`
  if (place.byteOffset !== undefined) where += ` (byte ${place.byteOffset})`
  if (place.field !== undefined) where += `${where === '' ? '' : ', '}field "${place.field}"`
  return where
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Behind the first of several faults the others, a line each, `most` in all; of more their number. */
export function furtherFaults(
  others: readonly { readonly place: Place; readonly message: string }[],
  most: number,
): string {
  const lines = others
    .slice(0, most - 1)
    .map(({ place, message }) => `\n  at ${formatPlace(place)}: ${message}`)
  const more = others.length - lines.length
  return `${lines.join('')}${more > 0 ? `\n  and ${more} more` : ''}`
}

/** The form on a screen: code and title; place and message; what to do, by a command that has `--resume` or not. */
export function formatError(error: AssayError, resumes = false): string {
  const where = error.place === undefined ? '' : formatPlace(error.place)
  const at = where === '' ? `  ${error.message}` : `  at ${where}: ${error.message}`
  return `✖ ${error.code}   ${error.title}\n${at}\n  fix: ${fixOf(error, resumes)}`
}
