import { z } from 'zod'
import type { CorpusEvidence } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { readRecords } from './records/read-records.js'
import { readPackedText } from './text/unpack.js'

const share = z.object({ kind: z.literal('estimate'), value: z.number().min(0).max(1) })
const unseen = z.union([share, z.object({ kind: z.literal('notEstimable') })])
const profile = z.object({
  schema: z.string().startsWith('assay/corpus-profile@'),
  bytes: z.number().min(0),
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
    const parsed = profile.safeParse(parseJson(await readPackedText(path)))
    if (!parsed.success)
      throw raise(
        'malformed',
        'expected the JSON of assay corpus profile (--json, or -o profile.json) with a share for every domain',
        { path },
      )
    const { sample, domains, targets, mix } = parsed.data
    const bytes = sample?.bytes.value ?? parsed.data.bytes
    const shares = mix?.domains ?? domains.map((d) => ({ domain: d.domain, share: d.share.value }))
    return {
      source: path,
      bytes,
      domains: shares.map((d) => ({ domain: d.domain, bytes: d.share * bytes })),
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
