import type { Fact } from '../../core/index.js'
import { raise } from '../errors.js'
import { type Entities, resolveEntities } from '../names/entities.js'
import { planCorpus } from '../readers/plan.js'
import type { Unit } from '../readers/unit.js'
import { unitKey } from '../readers/unit.js'
import { Checkpoint } from './checkpoint.js'
import { planHash } from './planned.js'
import { createUnitCounter, type PoolOptions } from './pool.js'
import { type CountSettings, jobFingerprint } from './settings.js'
import { Totals } from './totals.js'

/** One of n equal workers, numbered from 0. */
export interface Shard {
  readonly index: number
  readonly of: number
}

export interface CountJob extends CountSettings, Pick<PoolOptions, 'engine' | 'threads' | 'strict'> {
  readonly facts: readonly Fact[]
  readonly inputs: readonly string[]
  readonly shard: Shard | null
  /** Folder for checkpoints; null = none are kept. */
  readonly checkpoint: string | null
  readonly resume: boolean
}

export interface CountResult {
  readonly job: string
  readonly entities: Entities
  readonly totals: Totals
  readonly files: number
  /** What the reader should know of the inputs. */
  readonly notes: readonly string[]
  /** Hash over the keys of all units of the corpus, those of other shards included. */
  readonly plan: string
  /** Keys of the units of this shard. */
  readonly units: readonly string[]
  readonly resumedUnits: number
  readonly threads: number
  /** Delete the checkpoints, once the result is safe elsewhere. */
  finish(): void
}

export interface CountHooks {
  progress(done: number, total: number): void
  readonly signal: AbortSignal
}

/** The units of a shard: dealt out in turn, so that neighbours (often alike in size) go to different workers. */
export function unitsOfShard(units: readonly Unit[], shard: Shard | null): readonly Unit[] {
  return shard === null ? units : units.filter((_, i) => i % shard.of === shard.index)
}

/**
 * Count the documents of a corpus that hold the facts' names.
 *
 * Finished units are kept in `checkpoint`; with `resume` they are not counted again.
 * @throws {AssayError} corpus/no-input, no-documents, interrupted, and with `strict` unreadable, bad-document
 */
export async function countCorpus(job: CountJob, hooks: CountHooks): Promise<CountResult> {
  const fingerprint = jobFingerprint(job.facts, job)
  const entities = resolveEntities(job.facts, job.match)
  const plan = await planCorpus(job.inputs, job, job.strict)
  const units = unitsOfShard(plan.units, job.shard)
  const totals = new Totals(entities)
  const { checkpoint, parts } =
    job.checkpoint === null
      ? { checkpoint: null, parts: [] }
      : job.resume
        ? Checkpoint.resume(job.checkpoint, fingerprint, entities)
        : { checkpoint: Checkpoint.create(job.checkpoint, fingerprint, entities), parts: [] }
  const planned = new Set(units.map(unitKey))
  const done = new Set<string>()
  for (const part of parts) {
    if (!part.units.every((unit) => planned.has(unit)))
      throw raise('other-job', 'a finished file is no longer part of the corpus, or has changed', {
        path: job.checkpoint!,
      })
    for (const unit of part.units) done.add(unit)
    totals.add(part.counts)
  }
  const open = units.filter((unit) => !done.has(unitKey(unit)))
  const sizeOf = (list: readonly Unit[]): number => list.reduce((sum, unit) => sum + (unit.size ?? 0), 0)
  const total = sizeOf(units)
  let finished = total - sizeOf(open)
  const pool = createUnitCounter(entities, {
    ...job,
    threads: Math.max(1, Math.min(job.threads, open.length)),
  })
  const queue = [...open]
  let failure: unknown
  const work = async (): Promise<void> => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      if (hooks.signal.aborted || failure !== undefined) return
      const counts = await pool.count(unit)
      checkpoint?.add({ job: fingerprint, units: [unitKey(unit)], counts })
      totals.add(counts)
      finished += unit.size ?? 0
      hooks.progress(finished, total)
    }
  }
  try {
    const workers = Array.from({ length: pool.threads }, () =>
      work().catch((error: unknown) => {
        failure ??= error
      }),
    )
    await Promise.all(workers)
  } finally {
    await pool.close()
  }
  if (failure !== undefined) throw failure
  if (hooks.signal.aborted) throw raise('interrupted', `${totals.tally.documents} documents are counted`)
  // Every shard sees the files that cannot be opened; one of them reports them.
  if (job.shard === null || job.shard.index === 0) for (const entry of plan.skipped) totals.addSkipped(entry)
  // A shard may be empty; a whole count of nothing would pass as a corpus that knows nothing.
  if (totals.tally.documents === 0 && job.shard === null) {
    const [first] = totals.skipped
    throw raise(
      'no-documents',
      first === undefined ? 'the files are empty' : `${first.where}: ${first.reason}`,
      {
        path: first?.path ?? job.inputs[0]!,
      },
    )
  }
  return {
    job: fingerprint,
    entities,
    totals,
    files: plan.files,
    notes: plan.notes,
    plan: planHash(plan.units),
    units: units.map(unitKey),
    resumedUnits: done.size,
    threads: pool.threads,
    finish: () => checkpoint?.remove(),
  }
}
