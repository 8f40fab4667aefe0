import { DocumentScan } from '../../core/index.js'
import { readUnit } from '../readers/read-unit.js'
import { type Unit, unitKey } from '../readers/unit.js'
import type { RepeatedText, Repeats } from './duplicates.js'
import { tableOf } from './gatherer.js'
import type { RepeatsWithText } from './profile-corpus.js'
import type { ProfileSettings } from './settings.js'

/** A text of the corpus, or the beginning of it. */
export interface Example {
  readonly times: number
  readonly bytes: number
  readonly path: string
  readonly text: string
}

const TEXT_BYTES = 200

/** Ends a reading early: nothing more is wanted of the unit. */
class Enough extends Error {}

interface Wanted {
  readonly text: RepeatedText
  readonly into: Example[]
}

/**
 * The words of the worst repeats: their units are read again up to them, and no further. What can no longer be read has
 * no example.
 */
export async function readExamples(
  repeats: { readonly documents: Repeats; readonly paragraphs: Repeats },
  units: readonly Unit[],
  tables: string,
  settings: ProfileSettings,
): Promise<{ documents: RepeatsWithText; paragraphs: RepeatsWithText }> {
  const examples = { documents: [] as Example[], paragraphs: [] as Example[] }
  for (const kind of ['documents', 'paragraphs'] as const) {
    const unitOf = new Map(units.map((unit) => [tableOf(tables, unitKey(unit), kind), unit]))
    for (const text of repeats[kind].worst) {
      const unit = unitOf.get(text.table)
      if (unit !== undefined) await readExample(unit, kind, { text, into: examples[kind] }, settings)
    }
  }
  return {
    documents: { ...repeats.documents, examples: examples.documents },
    paragraphs: { ...repeats.paragraphs, examples: examples.paragraphs },
  }
}

async function readExample(
  unit: Unit,
  kind: 'documents' | 'paragraphs',
  { text, into }: Wanted,
  settings: ProfileSettings,
): Promise<void> {
  const scan = new DocumentScan()
  let row = 0
  try {
    await readUnit(unit, settings, {
      document(bytes, begin, end) {
        if (kind === 'paragraphs') scan.scan(bytes, begin, end)
        const rows = kind === 'documents' ? 1 : scan.paragraphFrom.length
        if (text.row < row + rows) {
          const at = kind === 'documents' ? begin : begin + scan.paragraphFrom.values[text.row - row]!
          const words = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(TEXT_BYTES, end - at))
          into.push({
            times: text.times,
            bytes: text.bytes,
            path: unit.path,
            text: words.toString('utf8').replace(/\ufffd+$/, ''),
          })
          throw new Enough()
        }
        row += rows
      },
      skip() {},
      lose() {},
    })
  } catch {
    // Enough was read, or the file is no longer what it was: an example is a courtesy.
  }
}
