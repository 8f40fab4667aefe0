import { availableParallelism } from 'node:os'
import { AssayError, type OpenedModel } from '../core/index.js'
import type { Claim, Engine, OpenOptions } from './engine.js'
import { ENGINES } from './engines.js'
import { raise } from './errors.js'
import { type ModelLocation, nameOf } from './resolve/location.js'
import type { ResolveOptions } from './resolve/options.js'
import { parseReference } from './resolve/reference.js'
import { resolveModel } from './resolve/resolve-model.js'
import { unopened } from './unopened.js'

/** How a model is found and opened; every field may be left out. */
export interface OpenEngineOptions extends OpenOptions, ResolveOptions {
  /** Use this engine, by its id, instead of the surest. */
  readonly engine?: string
}

/**
 * Open a model for scoring: resolve the reference (downloading if need be), then ask the engines who opens it.
 *
 * @param reference  see resolveModel
 * @throws {AssayError} `engines/…`: what resolving throws, `no-engine`, what the engine throws
 */
export async function openEngine(reference: string, options: OpenEngineOptions = {}): Promise<OpenedModel> {
  const location = await resolveModel(reference, options)
  const engines = enginesFor(location).filter(
    ({ id }) => options.engine === undefined || id === options.engine,
  )
  if (options.tokenizer !== undefined && location.kind !== 'server')
    options.note?.('--tokenizer is for servers; a model’s file or folder brings its own, and that is used.')
  const capped = { ...options, ...capThreads(options) }
  for (const [i, engine] of engines.entries())
    try {
      return await engine.open(location, capped)
    } catch (error) {
      const next = engines[i + 1]
      if (next === undefined || !(error instanceof AssayError) || error.code !== 'engines/library-failed')
        throw error
      options.note?.(`Engine ${engine.id} cannot be used (${error.message}); ${next.id} is used instead.`)
    }
  const named = ENGINES.find(({ id }) => id === options.engine)
  if (named !== undefined && enginesFor(location).length > 0)
    throw raise('no-engine', `${named.id} is asked for, and opens ${named.opens}`, { path: nameOf(location) })
  throw unopened(location)
}

/**
 * Refuse a reference that no engine would open; nothing is opened or downloaded.
 *
 * @throws {AssayError} `engines/…`: what resolving throws, and what says why nothing opens it
 */
export async function checkReference(reference: string): Promise<void> {
  if (parseReference(reference).kind === 'huggingFace') return
  const location = await resolveModel(reference, { offline: true })
  if (enginesFor(location).length === 0) throw unopened(location)
}

/** More threads than the machine runs at once wait for one another, by the hundred thousand until it stands still. */
function capThreads({ threads, note }: OpenEngineOptions): { threads?: number } {
  const most = availableParallelism()
  if (threads === undefined || threads <= most) return {}
  note?.(`${threads} threads are asked for; this machine runs ${most} at once, and so many are used.`)
  return { threads: most }
}

const RANK: Readonly<Record<Exclude<Claim, null>, number>> = { 'made for it': 0, 'stands in': 1 }

/** Engines that open what lies there, the surest first. */
export function enginesFor(location: ModelLocation): Engine[] {
  return ENGINES.flatMap((engine) => {
    const claim = engine.claims(location)
    return claim === null ? [] : [{ engine, rank: RANK[claim] }]
  })
    .sort((a, b) => a.rank - b.rank)
    .map(({ engine }) => engine)
}
