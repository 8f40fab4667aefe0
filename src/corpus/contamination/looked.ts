import { z } from 'zod'
import { threadModule } from '../../io/thread-module.js'
import type { Gathered, Gathering, PartForm, PartJob, Sum } from '../job/gathering.js'
import { hashOf } from '../job/hash.js'
import { skippedEntry } from '../job/part.js'
import type { CorpusSettings } from '../job/settings.js'
import type { Skipped } from '../readers/unit.js'
import type { SoughtItem } from './cut-items.js'
import { type ItemIndex, indexItems } from './index-items.js'
import { ItemMatcher } from './matcher.js'

/** Where a stretch of an item was found best, within one unit. */
export interface PlaceFound {
  readonly stretch: number
  /** Nats of its words that stand there in order ÷ nats of all. */
  readonly overlap: number
  /** Words of the longest run that stands there without a gap. */
  readonly longest: number
  readonly nats: number
  /** Number of the document in its unit, from 1. */
  readonly document: number
  /** Words of the unit before the last hit. */
  readonly at: number
}

interface InUnit {
  readonly path: string
  /** Where the unit begins in its file. */
  readonly from: number
}

export interface GramFound {
  readonly item: number
  readonly document: number
}

/** What was found of the items in some units. */
export interface Looked extends Gathered {
  /** Best place of each stretch that was found. */
  readonly found: readonly (PlaceFound & InUnit)[]
  /** Items of which a published n-gram was found, and where first. */
  readonly grams: readonly (GramFound & InUnit)[]
}

const inUnit = { path: z.string(), from: z.int() }
const fields = z.object({
  documents: z.int().min(0),
  bytes: z.int().min(0),
  skipped: z.array(skippedEntry),
  found: z.array(
    z.object({
      stretch: z.int().min(0),
      overlap: z.number(),
      longest: z.int(),
      nats: z.number(),
      document: z.int(),
      at: z.int(),
      ...inUnit,
    }),
  ),
  grams: z.array(z.object({ item: z.int().min(0), document: z.int(), ...inUnit })),
})
const settings = z.object({
  column: z.string(),
  textDocument: z.enum(['line', 'paragraph', 'file']),
  format: z.enum(['auto', 'parquet', 'jsonl', 'text']),
})

export const LOOKED_FORM: PartForm<Looked, CorpusSettings> = {
  schema: 'assay/contamination-part@1',
  beside: 'items',
  encode: (looked) => looked,
  decode: (value) => fields.parse(value),
  decodeSettings: (value) => settings.parse(value),
  toOptions: ({ column, textDocument, format }) => ({
    '--columns': `text=${column}`,
    '--sample-by': textDocument,
    '--format': format,
  }),
}

/** One order for all places, so that the best is the same whatever order the units come in. */
function isBefore(a: InUnit & { document: number }, b: InUnit & { document: number }): boolean {
  if (a.path !== b.path) return a.path < b.path
  return a.from !== b.from ? a.from < b.from : a.document < b.document
}

/** The best place of each stretch over units. */
export class LookedSum implements Sum<Looked> {
  #documents = 0
  #bytes = 0
  readonly #skipped: Skipped[] = []
  readonly #found = new Map<number, Looked['found'][number]>()
  readonly #grams = new Map<number, Looked['grams'][number]>()

  add({ documents, bytes, skipped, found, grams }: Looked): void {
    this.#documents += documents
    this.#bytes += bytes
    for (const entry of skipped) this.#skipped.push(entry)
    for (const place of found) {
      const known = this.#found.get(place.stretch)
      const isBetter =
        known === undefined ||
        place.overlap > known.overlap ||
        (place.overlap === known.overlap && isBefore(place, known))
      if (isBetter) this.#found.set(place.stretch, place)
    }
    for (const gram of grams) {
      const known = this.#grams.get(gram.item)
      if (known === undefined || isBefore(gram, known)) this.#grams.set(gram.item, gram)
    }
  }

  addSkipped(entry: Skipped): void {
    this.#skipped.push(entry)
  }

  toGathered(): Looked {
    return {
      documents: this.#documents,
      bytes: this.#bytes,
      skipped: this.#skipped,
      found: [...this.#found.values()].sort((a, b) => a.stretch - b.stretch),
      grams: [...this.#grams.values()].sort((a, b) => a.item - b.item),
    }
  }
}

/** Parts of a search for these items. */
export function lookedParts(
  items: readonly SoughtItem[],
  background: readonly string[],
  own: CorpusSettings,
): PartJob<Looked, CorpusSettings, LookedSum> {
  const { column, textDocument, format } = own
  const job = hashOf({
    version: 3,
    items: hashOf(items),
    background: hashOf(background),
    column,
    textDocument,
    format,
  })
  return { job, settings: { column, textDocument, format }, form: LOOKED_FORM, sum: () => new LookedSum() }
}

/** Looking for items in a corpus. */
export function lookingFor(
  items: readonly SoughtItem[],
  background: readonly string[],
  own: CorpusSettings,
): Gathering<Looked, CorpusSettings, LookedSum> & { readonly index: ItemIndex } {
  const index = indexItems(items, background)
  const { column, textDocument } = own
  return {
    ...lookedParts(items, background, own),
    index,
    read: { column, textDocument },
    gatherers: () => ({
      own: () => new ItemMatcher(index),
      others: { module: threadModule(import.meta.url, './look-worker'), setup: index },
    }),
  }
}
