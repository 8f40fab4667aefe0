import { z } from 'zod'
import { type CorpusEvidence, counted } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { readRecords } from './records/read-records.js'
import { tryParse } from './text/tolerant-json.js'
import { readPackedText } from './text/unpack.js'

const value = z.number().min(0).max(1)
const share = z.object({ kind: z.literal('estimate'), value, low: value, high: value })
const unseen = z.union([share, z.object({ kind: z.literal('notEstimable') })])
const profile = z.object({
  schema: z.string().startsWith('assay/corpus-profile@'),
  documents: z.number().min(0),
  bytes: z.number().min(0),
  /** Left out; null where nobody knows how many. */
  skipped: z.array(z.object({ documents: z.number().nullable() })).default([]),
  /** Of the whole where a part was read. */
  sample: z.object({ bytes: z.object({ value: z.number().min(0).optional() }) }).optional(),
  domains: z.array(z.object({ domain: z.string(), share })),
  /** By `--weights`: what was trained on. */
  mix: z.object({ domains: z.array(z.object({ domain: z.string(), share: z.number().min(0) })) }).optional(),
  targets: z.array(z.object({ target: z.string(), unseenWords: unseen })).default([]),
})

/**
 * What a corpus holds by domain: the JSON of `assay corpus profile`, or a table with the columns domain and bytes, one row
 * a domain.
 *
 * @throws {AssayError} table/…
 */
export async function readCorpusMix(path: string): Promise<Omit<CorpusEvidence, 'parts'>> {
  if (/\.json(\.gz|\.zst)?$/i.test(path)) {
    const parsed = profile.safeParse(tryParse(await readPackedText(path)))
    if (!parsed.success)
      throw raise(
        'malformed',
        'expected the JSON of assay corpus profile (--json, or -o profile.json) with a share for every domain',
        { path },
      )
    const { sample, documents, skipped, domains, targets, mix } = parsed.data
    const leftOut = skipped.reduce((n, s) => n + (s.documents ?? 0), 0)
    if (leftOut > documents)
      throw raise(
        'malformed',
        `it is of ${counted(documents, 'document')} alone, ${leftOut.toLocaleString('en-US')} were left out: what the corpus holds is not known. Profile it again with the right --columns text=NAME or --format`,
        { path },
      )
    const bytes = sample?.bytes.value ?? parsed.data.bytes
    const exact = (d: { domain: string; share: number }) => ({ domain: d.domain, bytes: d.share * bytes })
    const measured = domains.map(({ domain, share: { value, low, high } }) => ({
      domain,
      bytes: value * bytes,
      ...(low < high ? { range: { low: low * bytes, high: high * bytes } } : {}),
    }))
    return {
      source: path,
      bytes,
      domains: mix?.domains.map(exact) ?? measured,
      targets: targets.map((t) => ({
        target: t.target,
        unseenWords: t.unseenWords.kind === 'estimate' ? t.unseenWords.value : null,
      })),
    }
  }
  const records = await readRecords(path)
  const fields = new FieldReader(records, {})
  // Of a sample its amounts are the sample's, and the table does not tell of how much.
  if (['kind', 'name', 'amount'].every((column) => records.columns.includes(column)))
    throw raise(
      'malformed',
      'found the table of assay corpus profile --out, which does not tell how much was read: give its JSON (--json, or -o profile.json)',
      { path },
    )
  fields.require('domain', 'bytes')
  const lines = new Map<string, number>()
  const domains = records.rows.map((row) => {
    const domain = fields.text(row, 'domain')
    const first = lines.get(domain)
    if (first !== undefined) fields.fault(row, 'domain', `found "${domain}" again, as in line ${first}`)
    else lines.set(domain, row.line)
    return { domain, bytes: fields.number(row, 'bytes', (n) => n >= 0, 'bytes of text, 0 or more') }
  })
  fields.finish()
  return { source: path, bytes: domains.reduce((n, d) => n + d.bytes, 0), domains, targets: [] }
}
