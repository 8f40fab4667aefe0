import { DocumentScan } from '../../core/index.js'
import { readUnit } from '../readers/read-unit.js'
import { Enough, type ReadOptions, type Unit, unitKey } from '../readers/unit.js'
import type { Repeats } from './duplicates.js'
import { LEAST_PARAGRAPH_BYTES, tableOf } from './gatherer.js'
import type { NearRepeats } from './near.js'
import type { NearWithText, RepeatsWithText } from './profile-corpus.js'

/** A text of the corpus, or the beginning of it. */
export interface Example {
  readonly times: number
  readonly bytes: number
  readonly path: string
  readonly text: string
}

const TEXT_BYTES = 200

/**
 * The words of the worst repeats: their units are read again up to them, once each, and no further. What can no longer be read has no
 * example.
 */
export async function readExamples(
  repeats: { readonly documents: Repeats; readonly paragraphs: Repeats },
  units: readonly Unit[],
  tables: string,
  options: ReadOptions,
): Promise<{ documents: RepeatsWithText; paragraphs: RepeatsWithText }> {
  const read = async (kind: 'documents' | 'paragraphs'): Promise<RepeatsWithText> => {
    const unitOf = new Map(units.map((unit) => [tableOf(tables, unitKey(unit), kind), unit]))
    const places = repeats[kind].worst.map(({ table, row }) => ({ unit: unitOf.get(table), row }))
    return { ...repeats[kind], examples: await readTexts(repeats[kind].worst, places, kind, options) }
  }
  return { documents: await read('documents'), paragraphs: await read('paragraphs') }
}

/** The beginnings of the first two documents of the worst clusters. */
export async function readNearExamples(
  near: NearRepeats,
  units: readonly Unit[],
  options: ReadOptions,
): Promise<NearWithText> {
  const examples = []
  for (const { times, bytes, places } of near.worst) {
    const at = places.map(({ unit, document }) => ({ unit: units[unit], row: document }))
    const documents = await readTexts(
      at.map(() => ({ times, bytes })),
      at,
      'documents',
      options,
    )
    examples.push({ times, bytes, documents })
  }
  return { ...near, examples }
}

/** A document, or a paragraph of those that are long enough to count, by its number in its unit. */
interface Place {
  readonly unit: Unit | undefined
  readonly row: number
}

/** Beginnings of the documents or paragraphs at some places, those that can still be read. */
async function readTexts(
  texts: readonly { readonly times: number; readonly bytes: number }[],
  places: readonly Place[],
  kind: 'documents' | 'paragraphs',
  options: ReadOptions,
): Promise<Example[]> {
  const found = new Map<Place, string>()
  for (const unit of new Set(places.map((place) => place.unit)))
    if (unit !== undefined)
      await readUnitTexts(
        unit,
        kind,
        places.filter((place) => place.unit === unit),
        options,
        (place, text) => found.set(place, text),
      )
  return places.flatMap((place, i) => {
    const text = found.get(place)
    const { times, bytes } = texts[i]!
    return place.unit === undefined || text === undefined
      ? []
      : [{ times, bytes, path: place.unit.path, text }]
  })
}

async function readUnitTexts(
  unit: Unit,
  kind: 'documents' | 'paragraphs',
  places: readonly Place[],
  options: ReadOptions,
  tell: (place: Place, text: string) => void,
): Promise<void> {
  const wanted = places.toSorted((a, b) => a.row - b.row)
  const scan = new DocumentScan()
  let row = 0
  let next = 0
  /** The next row begins at this byte; told to all that want it. */
  const pass = (bytes: Uint8Array, at: number, end: number): void => {
    for (; wanted[next]?.row === row; next++) {
      const words = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(TEXT_BYTES, end - at))
      tell(wanted[next]!, words.toString('utf8').replace(/\ufffd+$/, ''))
    }
    if (next === wanted.length) throw new Enough()
    row++
  }
  try {
    await readUnit(unit, options, {
      document(bytes, begin, end) {
        if (kind === 'documents') return pass(bytes, begin, end)
        scan.scan(bytes, begin, end)
        const { paragraphFrom, paragraphBytes } = scan
        for (let i = 0; i < paragraphFrom.length; i++)
          if (paragraphBytes.values[i]! >= LEAST_PARAGRAPH_BYTES)
            pass(bytes, begin + paragraphFrom.values[i]!, end)
      },
      skip() {},
      lose() {},
    })
  } catch {
    // Enough was read, or the file is no longer what it was: an example is a courtesy.
  }
}
