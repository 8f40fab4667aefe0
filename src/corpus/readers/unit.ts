import type { Compression } from './decompress.js'

/** What a corpus file holds. */
export type Format = 'parquet' | 'jsonl' | 'text'

/** What a document is in a plain text file: a line (as Hugging Face's `text` loader has it), a paragraph, the file. */
export type TextDocument = 'line' | 'paragraph' | 'file'

/**
 * A stretch of the corpus that is counted whole or not at all: a file, or a part of a large one.
 * `from` and `to` are bytes of JSONL and text (a line belongs to the stretch in which it begins) and row groups of
 * Parquet; `to` = null goes to the end.
 */
export interface Unit {
  readonly path: string
  /** What the file is asked for by, where its path does not tell all of it (a signed address); never written down. */
  readonly address?: string | undefined
  /** Position of the input that names it, the first of several: which corpus it is of. */
  readonly input: number
  readonly format: Format
  readonly compression: Compression | null
  readonly from: number
  readonly to: number | null
  /** Bytes in storage, for progress and balance; null where unknown. */
  readonly size: number | null
  /** Of the file, so that a changed one is noticed. */
  readonly version: string
}

export interface ReadOptions {
  /** Field of JSONL and column of Parquet that holds the text; `meta.content` for one inside another. */
  readonly column: string
  readonly textDocument: TextDocument
  /** Further fields, whose values are told of every document. */
  readonly labels?: readonly string[]
}

/** Values of the fields of `labels`, in their order; '' where a document has none. */
export type Labels = readonly string[]

/** Thrown by a sink that wants nothing more of a unit. */
export class Enough extends Error {}

/** What becomes of what is read. */
export interface Sink {
  /** UTF-8 of one document; valid during the call alone. */
  document(bytes: Uint8Array, begin: number, end: number, labels?: Labels): void
  /** A document that cannot be read: why, and where in the file. */
  skip(reason: string, where: string): void
  /** A document that is read, though not as one would think: what is done, and where in the file. */
  remark?(what: string, where: string): void
  /** A stretch of the file that is broken, beyond which reading goes on: the documents that it holds, null where nobody knows. */
  lose(reason: string, where: string, documents: number | null): void
}

/** One reason for which documents (or the rest) of a file were not counted. */
export interface Skipped {
  readonly path: string
  readonly reason: string
  /** Documents left out; null where the file broke and nobody knows. */
  readonly documents: number | null
  /** The first place: `line 12`, `row 3`, `after 120 documents`. */
  readonly where: string
  /** Whether the file is damaged there, so that the corpus is larger than what was read. */
  readonly broken?: boolean
  /** Whether the documents are read all the same, in the way that `reason` says. */
  readonly kept?: boolean
}

const { compare } = new Intl.Collator('en', { numeric: true })

/** By file and place, whatever order the units were done in. */
export function inOrder(skipped: readonly Skipped[]): Skipped[] {
  return [...skipped].sort(
    (a, b) => compare(a.path, b.path) || compare(a.where, b.where) || compare(a.reason, b.reason),
  )
}

/** How much of a corpus damaged files keep back. */
export interface Lost {
  /** Documents that the files tell of. */
  readonly documents: number
  /** Stretches of which nobody knows how many documents they hold. */
  readonly unknown: number
}

/** What broken files keep back; null where none is broken. */
export function lostIn(skipped: readonly Skipped[]): Lost | null {
  const broken = skipped.filter((entry) => entry.broken === true)
  if (broken.length === 0) return null
  return {
    documents: broken.reduce((sum, { documents }) => sum + (documents ?? 0), 0),
    unknown: broken.filter(({ documents }) => documents === null).length,
  }
}

/** Documents that were left out, where they are more than those that were read; else 0. */
export function mostLeftOut(documents: number, skipped: readonly Skipped[]): number {
  const left = skipped.reduce((sum, entry) => sum + (entry.kept === true ? 0 : (entry.documents ?? 0)), 0)
  return left > documents ? left : 0
}

/** Said of a stretch most of whose documents are empty, as those of a field that holds something else are. */
export const MOSTLY_EMPTY = 'most of the documents are empty'

/** Empty documents of such stretches, where they are more than half of all; else 0. */
export function mostEmpty(documents: number, skipped: readonly Skipped[]): number {
  const empty = skipped.reduce((sum, e) => sum + (e.reason === MOSTLY_EMPTY ? (e.documents ?? 0) : 0), 0)
  return 2 * empty > documents ? empty : 0
}

/** Key of a unit in checkpoints and parts. */
export function unitKey(unit: Unit): string {
  return JSON.stringify([unit.path, unit.from, unit.to, unit.version])
}

/** Path of the file of a unit, by its key; undefined for what is no key. */
export function pathOfKey(key: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(key)
  } catch {
    return undefined
  }
  return Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined
}
