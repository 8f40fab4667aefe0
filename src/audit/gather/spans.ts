import { bitsOfSpans, groupBy, type SpanUnit, type SurprisalEvidence, spanEnds } from '../../core/index.js'
import { type Columns, writeParquet } from '../store/parquet.js'
import type { Sample } from '../texts/sample.js'
import { textSha256 } from '../texts/span-text.js'

interface SpanRow {
  readonly document: string
  readonly domain: string
  readonly start: number
  readonly end: number
  readonly bits: number
}

/** Losses of the spans of every scored passage. Σ bits of a document is its loss. */
function spanRows(sample: Sample, surprisal: SurprisalEvidence, unit: SpanUnit): SpanRow[] {
  const scored = groupBy(surprisal.documents, (d) => JSON.stringify([d.domain, d.document]))
  return sample.passages.flatMap(({ domain, document, text }) => {
    const found = scored.get(JSON.stringify([domain, document]))?.[0]
    if (found === undefined) return []
    const ends = spanEnds(text, unit)
    const bits = bitsOfSpans(found, ends, (ends.at(-1) ?? 0) - found.bytes)
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
