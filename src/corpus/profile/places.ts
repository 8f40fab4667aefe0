import { DocumentScan } from '../../core/index.js'
import { readUnit } from '../readers/read-unit.js'
import { type ReadOptions, type Unit, unitKey } from '../readers/unit.js'
import type { Repeats } from './duplicates.js'
import { tableOf } from './gatherer.js'
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

/** Ends a reading early: nothing more is wanted of the unit. */
class Enough extends Error {}

/**
 * The words of the worst repeats: their units are read again up to them, and no further. What can no longer be read has
 * no example.
 */
export async function readExamples(
  repeats: { readonly documents: Repeats; readonly paragraphs: Repeats },
  units: readonly Unit[],
  tables: string,
  options: ReadOptions,
): Promise<{ documents: RepeatsWithText; paragraphs: RepeatsWithText }> {
  const read = async (kind: 'documents' | 'paragraphs'): Promise<RepeatsWithText> => {
    const unitOf = new Map(units.map((unit) => [tableOf(tables, unitKey(unit), kind), unit]))
    const examples: Example[] = []
    for (const { table, row, times, bytes } of repeats[kind].worst) {
      const unit = unitOf.get(table)
      const text = unit === undefined ? undefined : await readText(unit, kind, row, options)
      if (unit !== undefined && text !== undefined) examples.push({ times, bytes, path: unit.path, text })
    }
    return { ...repeats[kind], examples }
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
    const documents: Example[] = []
    for (const { unit: index, document } of places) {
      const unit = units[index]
      const text = unit === undefined ? undefined : await readText(unit, 'documents', document, options)
      if (unit !== undefined && text !== undefined) documents.push({ times, bytes, path: unit.path, text })
    }
    examples.push({ times, bytes, documents })
  }
  return { ...near, examples }
}

/** Beginning of the document or paragraph of a number. */
async function readText(
  unit: Unit,
  kind: 'documents' | 'paragraphs',
  wanted: number,
  options: ReadOptions,
): Promise<string | undefined> {
  const scan = new DocumentScan()
  let row = 0
  let text: string | undefined
  try {
    await readUnit(unit, options, {
      document(bytes, begin, end) {
        if (kind === 'paragraphs') scan.scan(bytes, begin, end)
        const rows = kind === 'documents' ? 1 : scan.paragraphFrom.length
        if (wanted < row + rows) {
          const at = kind === 'documents' ? begin : begin + scan.paragraphFrom.values[wanted - row]!
          const words = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(TEXT_BYTES, end - at))
          text = words.toString('utf8').replace(/\ufffd+$/, '')
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
  return text
}
