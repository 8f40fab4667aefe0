import {
  addNgram,
  createNgramIndex,
  DocumentScan,
  forNgrams,
  type NgramIndex,
  TARGET_NGRAMS,
  type TargetDocument,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { hashOf } from '../job/hash.js'
import { planCorpus } from '../readers/plan.js'
import { readUnit } from '../readers/read-unit.js'
import type { ProfileSettings } from './settings.js'

/** What a target says: its documents' n-grams by number, for each of TARGET_NGRAMS. */
export interface TargetText {
  readonly name: string
  readonly documents: readonly (readonly TargetDocument[])[]
}

export interface TargetTexts {
  readonly texts: readonly TargetText[]
  readonly index: NgramIndex
  /** Fingerprint of the targets' text. */
  readonly hash: string
}

/** Read the texts that a corpus is to cover. A file of text is a document, a row or record of others. */
export async function readTargets(
  targets: readonly { readonly name: string; readonly input: string }[],
  settings: Pick<ProfileSettings, 'column'>,
): Promise<TargetTexts | null> {
  if (targets.length === 0) return null
  const index = createNgramIndex()
  const scan = new DocumentScan()
  const hashes: number[] = []
  const read = async (name: string, inputs: readonly string[]): Promise<TargetText> => {
    const documents: TargetDocument[][] = []
    const { units } = await planCorpus(inputs, { format: 'auto', textDocument: 'file' }, true)
    for (const unit of units)
      await readUnit(
        unit,
        { column: settings.column, textDocument: 'file' },
        {
          document(bytes, begin, end) {
            scan.scan(bytes, begin, end)
            if (scan.terms.length === 0) return
            hashes.push(scan.hashHigh, scan.hashLow)
            documents.push(
              TARGET_NGRAMS.map((n) => {
                const numbers: number[] = []
                forNgrams(scan.terms, scan.termLengths, n, (high, low) =>
                  numbers.push(addNgram(index, high, low)),
                )
                return Int32Array.from(numbers)
              }),
            )
          },
          skip(reason, where) {
            throw raise('bad-target', `${where}: ${reason}`, { path: unit.path })
          },
          lose(reason, where) {
            throw raise('unreadable', `${where}: ${reason}`, { path: unit.path })
          },
        },
      )
    if (documents.length === 0)
      throw raise('no-documents', `the target ${name} has no text`, { path: inputs[0]! })
    return { name, documents }
  }
  const byName = new Map<string, string[]>()
  for (const { name, input } of targets) byName.set(name, [...(byName.get(name) ?? []), input])
  const texts: TargetText[] = []
  for (const [name, inputs] of byName) texts.push(await read(name, inputs))
  return { texts, index, hash: hashOf(hashes) }
}
