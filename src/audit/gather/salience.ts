import { basename } from 'node:path'
import type { OpenedModel, SalienceEvidence, SalienceFile, SurprisalEvidence } from '../../core/index.js'
import { readVectorFile } from '../../ingest/index.js'
import { raise } from '../errors.js'
import type { DomainSource } from '../texts/domains.js'
import type { Passage } from '../texts/sample.js'
import { documentsOf, requirePassages, textsOfPassages } from '../texts/span-text.js'
import type { GatherIo } from './io.js'
import { bitsOfPassage, byName } from './spans.js'
import { gatherSurprisal, requireSameScoring, windowOf } from './surprisal.js'

/** A salience vector and the texts among which its own is. */
export interface SalienceSources {
  readonly vector: string
  readonly texts: readonly DomainSource[]
}

/** A vector with its text, found before a model is opened. */
export interface ReadyVector {
  readonly source: string
  readonly vector: SalienceFile
  readonly passages: readonly Passage[]
}

/** @throws {AssayError} table/… where the vector is none, audit/other-text where its text is another */
export async function readyVector({ vector: path, texts }: SalienceSources): Promise<ReadyVector> {
  const vector = await readVectorFile(path)
  return { source: basename(path), vector, passages: await requirePassages(vector, texts, path) }
}

/** Held-out passages that are scored anyway, of which the vector's may be some; losses under another window are others. */
export interface HeldOut {
  readonly passages: readonly Passage[]
  readonly window: number | undefined
}

const keyOf = ({ domain, document, text }: Passage): string => JSON.stringify([domain, document, text])

function unscored(model: OpenedModel, { passages }: ReadyVector, heldOut: HeldOut | undefined): Passage[] {
  if (heldOut === undefined || windowOf(model, heldOut.window) !== windowOf(model)) return [...passages]
  const scored = new Set(heldOut.passages.map(keyOf))
  return passages.filter((passage) => !scored.has(keyOf(passage)))
}

const ownJournal = (io: GatherIo): GatherIo => ({
  ...io,
  journalPath: () => io.journalPath('salience'),
  progress: () => io.progress('foretelling'),
})

/** @throws {AssayError} audit/other-plan where to go on would mix two scorings */
export function requireSameReading(
  io: GatherIo,
  model: OpenedModel,
  ready: ReadyVector,
  heldOut: HeldOut,
): void {
  requireSameScoring(ownJournal(io), unscored(model, ready, heldOut), { model, window: undefined })
}

/**
 * What a model loses on a vector's spans: one pass over its text, less the passages that were scored as held-out ones.
 *
 * @throws {AssayError} audit/no-text where the model scores nothing of a passage
 */
export async function gatherSalience(
  model: OpenedModel,
  ready: ReadyVector,
  io: GatherIo,
  heldOut?: HeldOut & { readonly surprisal: SurprisalEvidence },
): Promise<SalienceEvidence> {
  const { source, vector, passages } = ready
  const sample = { passages: unscored(model, ready, heldOut), skipped: [], read: [], offered: [] }
  const own = await gatherSurprisal(model, sample, [], undefined, ownJournal(io))
  const documents = documentsOf(vector.spans) ?? []
  const scored = byName([...own.documents, ...(heldOut?.surprisal.documents ?? [])])
  const losses = new Float64Array(vector.spans.length)
  documents.forEach(({ ends, places }, d) => {
    const bits = bitsOfPassage(passages[d], scored, ends)
    if (bits === undefined)
      throw raise('no-text', `the model scores nothing of ${passages[d].document}, which the vector needs`, {
        path: source,
      })
    places.forEach((u, i) => {
      losses[u] = bits[i] / (ends[i] - (i === 0 ? 0 : ends[i - 1]))
    })
  })
  return { source, vector, losses, texts: textsOfPassages(vector.spans, passages) }
}
