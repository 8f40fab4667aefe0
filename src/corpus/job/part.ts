import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { messageOf, raise } from '../errors.js'
import type { CountSettings } from './settings.js'
import type { Sparse } from './sparse.js'
import type { Counts } from './unit-count.js'

export const PART_SCHEMA = 'assay/corpus-part@1'

/** Counts over some units of one job: a checkpoint, or the result of a shard (docs/corpus-shards.md). */
export interface Part {
  /** Fingerprint of facts and options: only parts of one job add up. */
  readonly job: string
  /** Keys of the units that were counted. */
  readonly units: readonly string[]
  readonly counts: Counts
  /** Of a shard's result: which one, and what is needed to see that all are there and belong together. */
  readonly shard?: ShardNote
}

export interface ShardNote {
  readonly index: number
  readonly of: number
  /** Hash over the keys of all units of the corpus. */
  readonly plan: string
  readonly files: number
  readonly settings: CountSettings
}

const sparse = z.object({ steps: z.array(z.int().min(1)), values: z.array(z.int().min(1)) })
const shardNote = z.object({
  index: z.int().min(0),
  of: z.int().min(1),
  plan: z.string(),
  files: z.int().min(0),
  settings: z.object({
    match: z.object({
      match: z.enum(['boundary', 'published']),
      ignoreCase: z.boolean(),
      within: z.int().min(0).nullable(),
    }),
    column: z.string(),
    textDocument: z.enum(['line', 'paragraph', 'file']),
    format: z.enum(['auto', 'parquet', 'jsonl', 'text']),
  }),
})
const partFile = z.object({
  schema: z.literal(PART_SCHEMA),
  job: z.string(),
  units: z.array(z.string()),
  documents: z.int().min(0),
  bytes: z.int().min(0),
  skipped: z.array(
    z.object({ path: z.string(), reason: z.string(), documents: z.int().nullable(), where: z.string() }),
  ),
  entities: sparse,
  pairs: sparse,
  pairsInDocument: sparse.nullable(),
  shard: shardNote.optional(),
})

function toNote(note: z.infer<typeof shardNote> | undefined): { shard: ShardNote } | Record<string, never> {
  return note === undefined ? {} : { shard: note }
}

/** Indices as steps from one to the next (the first from −1), so that the text stays short. */
function toSteps({ indices, values }: Sparse): z.infer<typeof sparse> {
  let last = -1
  const steps = Array.from(indices, (index) => {
    const step = index - last
    last = index
    return step
  })
  return { steps, values: [...values] }
}

function fromSteps({ steps, values }: z.infer<typeof sparse>): Sparse {
  let last = -1
  return { indices: Int32Array.from(steps, (step) => (last += step)), values: Float64Array.from(values) }
}

export function encodePart({ job, units, counts, shard }: Part): Uint8Array {
  const file: z.infer<typeof partFile> = {
    schema: PART_SCHEMA,
    job,
    units: [...units],
    documents: counts.documents,
    bytes: counts.bytes,
    skipped: [...counts.skipped],
    entities: toSteps(counts.ofEntity),
    pairs: toSteps(counts.ofPair),
    pairsInDocument: counts.ofPairInDocument === null ? null : toSteps(counts.ofPairInDocument),
    ...(shard === undefined ? {} : { shard }),
  }
  return gzipSync(JSON.stringify(file), { level: 1 })
}

/** The first thing that is wrong, on one line. */
function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is no part' : `${issue.message}, at "${issue.path.join('.')}"`
}

/** @throws {AssayError} corpus/bad-part */
export function decodePart(bytes: Uint8Array, path: string): Part {
  let value: unknown
  try {
    value = JSON.parse(gunzipSync(bytes).toString('utf8'))
  } catch (error) {
    throw raise('bad-part', messageOf(error), { path }, error)
  }
  const parsed = partFile.safeParse(value)
  if (!parsed.success) throw raise('bad-part', firstIssue(parsed.error), { path })
  const { job, units, documents, bytes: textBytes, skipped, entities, pairs, pairsInDocument } = parsed.data
  return {
    job,
    units,
    ...toNote(parsed.data.shard),
    counts: {
      documents,
      bytes: textBytes,
      skipped,
      ofEntity: fromSteps(entities),
      ofPair: fromSteps(pairs),
      ofPairInDocument: pairsInDocument === null ? null : fromSteps(pairsInDocument),
    },
  }
}
