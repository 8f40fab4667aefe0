import { basename, join } from 'node:path'
import { BANDS, bandKeys, DocumentScan, Growing, type NgramIndex, shingles } from '../../core/index.js'
import type { Gatherer } from '../job/gathering.js'
import { hashOf } from '../job/hash.js'
import { type Unit, unitKey } from '../readers/unit.js'
import type { ProfiledDocument } from './measure.js'
import { ALL_MEASURES } from './measures/index.js'
import { type OneCorpus, type Profiled, startCorpus, stateOf } from './profiled.js'
import type { ProfileSettings } from './settings.js'
import { HashTable, SketchTable } from './tables.js'

/** Shorter paragraphs (headings, `}`, "See also") repeat in every good corpus. */
export const LEAST_PARAGRAPH_BYTES = 64

/** What a thread needs to profile units. */
export interface ProfileSetup {
  readonly settings: ProfileSettings
  /** Folder of the tables that duplicates are found from. */
  readonly tables: string
  /** Whether a later process may go on from the tables. */
  readonly areKept: boolean
  /** n-grams of the targets; null where none is named. */
  readonly index: NgramIndex | null
}

/** The document in hand, as the measures see it: one object for all of them. */
class Document implements ProfiledDocument {
  bytes: Buffer = Buffer.alloc(0)
  begin = 0
  end = 0
  ordinal = -1
  readonly scan = new DocumentScan()
  unit!: Unit
  readonly index: NgramIndex | null

  constructor(index: NgramIndex | null) {
    this.index = index
  }

  text(mostBytes: number): string {
    const end = Math.min(this.end, this.begin + mostBytes)
    // A character that the limit cuts is left out.
    const text = this.bytes.toString('utf8', this.begin, end)
    return end < this.end ? text.replace(/\ufffd+$/, '') : text
  }
}

/** What stands in a table: `sketches` are their words alone, a document's behind the one before it. */
export type TableKind = 'documents' | 'paragraphs' | 'bands' | 'sketches'

/** The tables that a unit has. */
function kindsOf({ near }: ProfileSettings): readonly TableKind[] {
  return near ? ['documents', 'paragraphs', 'bands', 'sketches'] : ['documents', 'paragraphs']
}

/** Name of a unit's table: the same in every process. */
export function tableOf(folder: string, unit: string, kind: TableKind): string {
  const ending = kind === 'sketches' ? 'bin' : 'parquet'
  return join(folder, `${hashOf(unit).slice(0, 24)}.${kind}.${ending}`)
}

/** Profiles one unit after the other. Tables of a unit stand whole before what was gathered of it is handed on. */
export function createProfiler({ settings, tables, areKept, index }: ProfileSetup): Gatherer<Profiled> {
  const document = new Document(index)
  const { scan } = document
  const documents = new HashTable()
  const paragraphs = new HashTable()
  const bands = new HashTable()
  const sketches = new SketchTable()
  const writers = { documents, paragraphs, bands, sketches }
  const kinds = kindsOf(settings)
  const hashes = new Growing()
  const [high, low] = [new Int32Array(BANDS), new Int32Array(BANDS)]
  const addBands = (): void => {
    shingles(scan.terms, hashes)
    const least = scan.leastHashes(hashes)
    sketches.add(least)
    if (hashes.length === 0) return
    bandKeys(least, high, low)
    for (let band = 0; band < BANDS; band++) bands.add(high[band]!, low[band]!, document.ordinal)
  }
  let corpus: OneCorpus = startCorpus()
  return {
    begin(unit) {
      corpus = startCorpus()
      document.unit = unit
      document.ordinal = -1
      const key = unitKey(unit)
      for (const kind of kinds) writers[kind].begin(tableOf(tables, key, kind))
    },
    document(bytes, begin, end) {
      document.bytes =
        bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      document.begin = begin
      document.end = end
      document.ordinal++
      scan.scan(bytes, begin, end)
      corpus.documents++
      corpus.bytes += end - begin
      documents.add(scan.hashHigh, scan.hashLow, end - begin)
      const { paragraphHigh, paragraphLow, paragraphBytes } = scan
      for (let i = 0; i < paragraphHigh.length; i++)
        if (paragraphBytes.values[i]! >= LEAST_PARAGRAPH_BYTES)
          paragraphs.add(paragraphHigh.values[i]!, paragraphLow.values[i]!, paragraphBytes.values[i]!)
      if (settings.near) addBands()
      for (const measure of ALL_MEASURES) measure.add(stateOf(corpus.states, measure.id), document)
    },
    finish(unit, skipped) {
      const key = unitKey(unit)
      const sums = kinds.map((kind) => [basename(tableOf(tables, key, kind)), writers[kind].end(areKept)])
      for (const measure of ALL_MEASURES)
        measure.endUnit?.(stateOf(corpus.states, measure.id), corpus, unit.size)
      const { documents: n, bytes } = corpus
      return {
        documents: n,
        bytes,
        skipped,
        corpora: { [settings.corpora[unit.input]!.name]: corpus },
        tables: Object.fromEntries(sums),
      }
    },
  }
}
