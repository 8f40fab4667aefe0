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
  domains: z.array(z.object({ domain: z.string(), share })),
  /** By `--weights`: what was trained on. */
  mix: z.object({ domains: z.array(z.object({ domain: z.string(), share: z.number().min(0) })) }).optional(),
  targets: z.array(z.object({ target: z.string(), unseenWords: unseen })).default([]),
})

/**
 * What a corpus holds by domain: the JSON of `assay corpus profile`, or a table with the columns domain and bytes, one row
 * or several a domain.
 *
 * @throws {AssayError} table/…
 */
export async function readCorpusMix(path: string): Promise<Omit<CorpusEvidence, 'parts'>> {
  if (/\.json(\.gz|\.zst)?$/i.test(path)) {
    const parsed = profile.safeParse(parseJson(await readPackedText(path)))
    if (!parsed.success)
      throw raise('malformed', 'expected the JSON of assay corpus profile --json', { path })
    const { bytes, domains, targets, mix } = parsed.data
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
  fields.require('domain', 'bytes')
  const domains = records.rows.map((row) => ({
    domain: fields.text(row, 'domain'),
    bytes: fields.number(row, 'bytes', (n) => n >= 0, 'bytes of text, 0 or more'),
  }))
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
