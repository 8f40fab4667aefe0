import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'
import type { Gathered, PartForm } from './gathering.js'

/** What was gathered over some units of one job: a checkpoint, or the result of a shard (docs/corpus-shards.md). */
export interface Part<G extends Gathered, S> {
  /** Fingerprint of all that decides: only parts of one job add up. */
  readonly job: string
  /** Keys of the units that were read. */
  readonly units: readonly string[]
  readonly gathered: G
  /** Of a shard's result: which one, and what is needed to see that all are there and belong together. */
  readonly shard?: ShardNote<S>
}

export interface ShardNote<S> {
  readonly index: number
  readonly of: number
  /** Hash over the keys of all units of the corpus. */
  readonly plan: string
  readonly files: number
  readonly settings: S
}

/** Documents that were left out, as they stand in a part. */
export const skippedEntry = z.object({
  path: z.string(),
  reason: z.string(),
  documents: z.int().nullable(),
  where: z.string(),
  broken: z.boolean().optional(),
  kept: z.boolean().optional(),
})

const head = z.object({
  schema: z.string(),
  job: z.string(),
  units: z.array(z.string()),
  shard: z
    .object({
      index: z.int().min(0),
      of: z.int().min(1),
      plan: z.string(),
      files: z.int().min(0),
      settings: z.unknown(),
    })
    .optional(),
})

export function encodePart<G extends Gathered, S>(
  { job, units, gathered, shard }: Part<G, S>,
  { schema, encode }: PartForm<G, S>,
): Uint8Array {
  const file = { schema, job, units, ...encode(gathered), ...(shard === undefined ? {} : { shard }) }
  return gzipSync(JSON.stringify(file), { level: 1 })
}

/** The first thing that is wrong, on one line. */
function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is no part' : `${issue.message}, at "${issue.path.join('.')}"`
}

/** @throws {AssayError} corpus/bad-part */
export function decodePart<G extends Gathered, S>(
  bytes: Uint8Array,
  path: string,
  form: PartForm<G, S>,
): Part<G, S> {
  try {
    const value: unknown = JSON.parse(gunzipSync(bytes).toString('utf8'))
    const { schema, job, units, shard } = head.parse(value)
    if (schema !== form.schema) throw new TypeError(`its schema is ${schema}, expected ${form.schema}`)
    const note =
      shard === undefined ? {} : { shard: { ...shard, settings: form.decodeSettings(shard.settings) } }
    return { job, units, ...note, gathered: form.decode(value) }
  } catch (error) {
    const why = error instanceof z.ZodError ? firstIssue(error) : messageOf(error)
    throw raise('bad-part', why, { path }, error)
  }
}
