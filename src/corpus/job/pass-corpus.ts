import { availableParallelism } from 'node:os'
import type { AssayError } from '../../core/errors.js'
import { counted } from '../../core/text/counted.js'
import { raise } from '../errors.js'
import { planCorpus } from '../readers/plan.js'
import { inOrder, type Unit, unitKey } from '../readers/unit.js'
import { Checkpoint } from './checkpoint.js'
import type { Gathered, Gathering, Sum } from './gathering.js'
import { planHash } from './planned.js'
import { createPool } from './pool.js'
import type { CorpusSettings } from './settings.js'

/** One of n equal workers, numbered from 0. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** Which corpus is read, by how many threads, and what is kept on the way. */
export interface PassOptions {
  readonly inputs: readonly string[]
  /** null = as many as the machine has cores for, and as the corpus gives work to. */
  readonly threads: number | null
  readonly strict: boolean
  readonly shard: Shard | null
  /** Folder for checkpoints; null = none are kept. */
  readonly checkpoint: string | null
  readonly resume: boolean
}

export interface PassResult<T> {
  readonly job: string
  readonly totals: T
  readonly files: number
  /** What the reader should know of the inputs. */
  readonly notes: readonly string[]
  /** Hash over the keys of all units of the corpus, those of other shards included. */
  readonly plan: string
  /** Units that the corpus has, drawn or not. */
  readonly drawnFrom: number
  /** Their bytes of storage; null where one of them does not tell. */
  readonly stored: number | null
  /** Files that could be opened, drawn or not. */
  readonly paths: readonly string[]
  /** The units of this shard. */
  readonly units: readonly Unit[]
  readonly resumedUnits: number
  readonly threads: number
  /** Delete the checkpoints, once the result is safe elsewhere. */
  finish(): void
}

export interface PassHooks {
  progress(done: number, total: number): void
  readonly signal: AbortSignal
}

/** A thread takes a fraction of a second to start: so many bytes of text make up for it. */
const WORTH_A_THREAD = 32 * 2 ** 20
/** Bytes of text in a byte of a compressed file, about. */
const COMPRESSED = 3

/** As many threads as there are cores, and as the units are worth. */
function threadsFor(units: readonly Unit[]): number {
  const bytes = units.reduce((sum, { size, format, compression }) => {
    const isCompressed = format === 'parquet' || compression !== null
    return sum + (size ?? Number.POSITIVE_INFINITY) * (isCompressed ? COMPRESSED : 1)
  }, 0)
  return Math.min(availableParallelism(), Math.floor(bytes / WORTH_A_THREAD))
}

/** What does not tell its size may be the largest. */
function weightOf({ size }: Unit): number {
  return size ?? Number.MAX_SAFE_INTEGER
}

/** The units of a shard: dealt out in turn, so that neighbours (often alike in size) go to different workers. */
export function unitsOfShard(units: readonly Unit[], shard: Shard | null): readonly Unit[] {
  return shard === null ? units : units.filter((_, i) => i % shard.of === shard.index)
}

/** A corpus without any text tells nothing: the error to throw. */
export function nothingRead({ documents, skipped }: Gathered, path: string): AssayError {
  const [first] = inOrder(skipped.filter(({ kept }) => kept !== true))
  const why =
    first === undefined ? 'the files are empty' : `${first.where}: ${first.reason}`.replace(/^the file: /, '')
  return documents === 0
    ? raise('no-documents', why, { path: first?.path ?? path })
    : raise(
        'no-documents',
        `${counted(documents, 'document')} ${documents === 1 ? 'has' : 'have'} no text at all`,
        { path },
      )
}

/**
 * One pass over a corpus. Finished units are kept in `checkpoint`; with `resume` they are not read again.
 *
 * @throws {AssayError} corpus/no-input, no-documents, interrupted, and with `strict` unreadable, bad-document
 */
export async function passCorpus<G extends Gathered, S extends CorpusSettings, T extends Sum<G>>(
  gathering: Gathering<G, S, T>,
  options: PassOptions,
  hooks: PassHooks,
): Promise<PassResult<T>> {
  const { job, settings } = gathering
  const { shard, strict } = options
  const plan = await planCorpus(options.inputs, settings, strict)
  const units = unitsOfShard(plan.units, shard)
  const totals = gathering.sum()
  const { checkpoint, parts } =
    options.checkpoint === null
      ? { checkpoint: null, parts: [] }
      : options.resume
        ? Checkpoint.resume(options.checkpoint, gathering)
        : { checkpoint: Checkpoint.create(options.checkpoint, gathering), parts: [] }
  const planned = new Set(units.map(unitKey))
  const done = new Set<string>()
  let documents = 0
  let bytes = 0
  const add = (gathered: G): void => {
    documents += gathered.documents
    bytes += gathered.bytes
    totals.add(gathered)
  }
  for (const part of parts) {
    if (!part.units.every((unit) => planned.has(unit)))
      throw raise('other-job', 'a finished file is no longer part of the corpus, or has changed', {
        path: options.checkpoint!,
      })
    for (const unit of part.units) done.add(unit)
    add(part.gathered)
  }
  const open = units.filter((unit) => !done.has(unitKey(unit)))
  const sizeOf = (list: readonly Unit[]): number => list.reduce((sum, unit) => sum + (unit.size ?? 0), 0)
  const total = sizeOf(units)
  let finished = total - sizeOf(open)
  const wanted = options.threads ?? threadsFor(open)
  const pool = await createPool(gathering, Math.max(1, Math.min(wanted, open.length)), strict)
  // The large ones first: threads that are done at different times then differ by a small one.
  const queue = [...open].sort((a, b) => weightOf(b) - weightOf(a))
  let failure: unknown
  const inHand = new Map(pool.map((gatherer) => [gatherer, 0]))
  const work = async (gatherer: (typeof pool)[number]): Promise<void> => {
    while (queue.length > 0) {
      if (hooks.signal.aborted || failure !== undefined) return
      const own = inHand.get(gatherer)!
      // The last units are for whoever is done first: one that waits behind another keeps the others idle at the end.
      if (own > 0 && queue.length < pool.length) return
      inHand.set(gatherer, own + 1)
      const unit = queue.shift()!
      const gathered = await gatherer.gather(unit)
      inHand.set(gatherer, inHand.get(gatherer)! - 1)
      checkpoint?.add({ job, units: [unitKey(unit)], gathered })
      add(gathered)
      finished += unit.size ?? 0
      hooks.progress(finished, total)
    }
  }
  try {
    const most = Math.max(...pool.map(({ inHand }) => inHand))
    // Everybody's first unit comes before anybody's second.
    const lanes = Array.from({ length: most }, (_, i) => pool.filter(({ inHand }) => inHand > i)).flat()
    const all = lanes.map((gatherer) =>
      work(gatherer).catch((error: unknown) => {
        failure ??= error
      }),
    )
    await Promise.all(all)
  } finally {
    await Promise.all(pool.map((gatherer) => gatherer.close()))
  }
  if (failure !== undefined) throw failure
  if (hooks.signal.aborted)
    throw raise('interrupted', `${counted(documents, 'document')} ${documents === 1 ? 'is' : 'are'} read`)
  // Every shard sees the files that cannot be opened; one of them reports them.
  if (shard === null || shard.index === 0) for (const entry of plan.skipped) totals.addSkipped(entry)
  // A shard may be empty; a whole count of nothing would pass as a corpus that knows nothing.
  if (bytes === 0 && shard === null) throw nothingRead(totals.toGathered(), options.inputs[0]!)
  return {
    job,
    totals,
    files: plan.files,
    notes: plan.notes,
    drawnFrom: plan.drawnFrom,
    stored: plan.stored,
    paths: plan.paths,
    plan: planHash(plan.units),
    units,
    resumedUnits: done.size,
    threads: pool.length,
    finish: () => checkpoint?.remove(),
  }
}
