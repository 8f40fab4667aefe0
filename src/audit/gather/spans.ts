import {
  bitsOfSpans,
  type ScoredDocument,
  type SpanUnit,
  type SurprisalEvidence,
  spanEnds,
} from '../../core/index.js'
import { type Columns, writeParquet } from '../store/parquet.js'
import type { Passage, Sample } from '../texts/sample.js'
import { textSha256 } from '../texts/span-text.js'

interface SpanRow {
  readonly document: string
  readonly domain: string
  readonly start: number
  readonly end: number
  readonly bits: number
}

const nameOf = ({ domain, document }: Pick<Passage, 'domain' | 'document'>): string =>
  JSON.stringify([domain, document])

/** Scored documents by domain and name; of two of one name the first. */
export function byName(documents: readonly ScoredDocument[]): ReadonlyMap<string, ScoredDocument> {
  return new Map(documents.toReversed().map((d) => [nameOf(d), d]))
}

/**
 * Bits of the spans of a passage among those that were scored; Σ bits is its loss.
 *
 * @param ends of the spans in bytes, shape (spans)
 * @returns shape (spans); undefined where the passage was not scored
 */
export function bitsOfPassage(
  passage: Passage,
  scored: ReadonlyMap<string, ScoredDocument>,
  ends: readonly number[],
): Float64Array | undefined {
  const found = scored.get(nameOf(passage))
  return found && bitsOfSpans(found, ends, Buffer.byteLength(passage.text, 'utf8') - found.bytes)
}

function spanRows({ passages }: Sample, { documents }: SurprisalEvidence, unit: SpanUnit): SpanRow[] {
  const scored = byName(documents)
  return passages.flatMap((passage) => {
    const { domain, document, text } = passage
    const ends = spanEnds(text, unit)
    const bits = bitsOfPassage(passage, scored, ends)
    if (bits === undefined) return []
    return ends.map((end, i) => ({ document, domain, start: i === 0 ? 0 : ends[i - 1], end, bits: bits[i] }))
  })
}

/**
 * Write the table that `assay salience --losses` reads: one row a span, the same bytes for every model.
 *
 * @param model name that the rows carry; `checkpoint` is '' where the model is no checkpoint of a run
 */
export async function writeSpans(
  path: string,
  { model, checkpoint }: { readonly model: string; readonly checkpoint: string },
  sample: Sample,
  surprisal: SurprisalEvidence,
  unit: SpanUnit,
): Promise<number> {
  const rows = spanRows(sample, surprisal, unit)
  const hash = textSha256(sample.passages)
  const text = (of: (row: SpanRow) => string): Columns[string] => ({ type: 'VARCHAR', values: rows.map(of) })
  await writeParquet(path, {
    model: text(() => model),
    checkpoint: text(() => checkpoint),
    text_sha256: text(() => hash),
    document: text((r) => r.document),
    domain: text((r) => r.domain),
    unit: text(() => unit),
    byte_start: { type: 'INTEGER', values: rows.map((r) => r.start) },
    byte_end: { type: 'INTEGER', values: rows.map((r) => r.end) },
    bits: { type: 'DOUBLE', values: rows.map((r) => r.bits) },
  })
  return rows.length
}
