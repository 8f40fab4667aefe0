import type { CorpusSettings } from '../job/settings.js'
import { planCorpus } from '../readers/plan.js'
import { readUnit } from '../readers/read-unit.js'

/**
 * Documents of a corpus of about so many bytes, one stretch after the other, stretches drawn by the seed; all of them where there are no
 * more. What cannot be read is left out.
 *
 * @param visit     takes the text of one document
 * @returns         what `visit` gave for each stretch, and how many there were to draw from
 */
export async function drawnDocuments<T>(
  inputs: readonly string[],
  settings: CorpusSettings,
  { bytes, of, seed }: { readonly bytes: number; readonly of: number; readonly seed: number },
  visit: (text: string) => T,
): Promise<{ stretches: T[][]; drawnFrom: number }> {
  const sample = of <= bytes ? null : { share: bytes / of, seed }
  const { units, drawnFrom } = await planCorpus(inputs, { ...settings, sample }, false)
  const stretches: T[][] = []
  for (const unit of units) {
    const own: T[] = []
    const sink = {
      document: (block: Uint8Array, begin: number, end: number) => {
        own.push(visit(Buffer.from(block.buffer, block.byteOffset + begin, end - begin).toString('utf8')))
      },
      skip() {},
      lose() {},
    }
    // The pass has told what cannot be read.
    await readUnit(unit, settings, sink).catch(() => {})
    stretches.push(own)
  }
  return { stretches, drawnFrom }
}
