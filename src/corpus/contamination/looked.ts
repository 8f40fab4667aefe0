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

/** What other words of a place may add to an overlap by chance. */
export const SLACK = 0.1

/**
 * Of a stretch's places, in their order, those that are better than all before them, and little worse than the best: which of
 * several copies holds a word more is chance, and what else stands there may be known of the first alone.
 */
export function recordsOf<P extends { readonly overlap: number }>(places: readonly P[]): P[] {
  let best = 0
  const records = places.filter(({ overlap }) => {
    const isBetter = overlap > best
    best = Math.max(best, overlap)
    return isBetter
  })
  return records.filter(({ overlap }) => overlap >= best - SLACK)
}

/** What was found of the items in some units. */
export interface Looked extends Gathered {
  /** Places of each stretch that was found ({@link recordsOf}), by stretch; the last one of each is the best. */
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

type PlaceInUnit = Looked['found'][number]

const inCorpusOrder = (a: PlaceInUnit, b: PlaceInUnit): number =>
  isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : a.at - b.at

/** The places of each stretch over units. */
export class LookedSum implements Sum<Looked> {
  #documents = 0
  #bytes = 0
  readonly #skipped: Skipped[] = []
  readonly #found = new Map<number, readonly PlaceInUnit[]>()
  readonly #grams = new Map<number, Looked['grams'][number]>()

  add({ documents, bytes, skipped, found, grams }: Looked): void {
    this.#documents += documents
    this.#bytes += bytes
    for (const entry of skipped) this.#skipped.push(entry)
    for (const place of found) {
      const all = [...(this.#found.get(place.stretch) ?? []), place]
      this.#found.set(place.stretch, recordsOf(all.sort(inCorpusOrder)))
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
      found: [...this.#found].sort(([a], [b]) => a - b).flatMap(([, places]) => places),
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
    version: 4,
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
