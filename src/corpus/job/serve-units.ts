import { parentPort, workerData } from 'node:worker_threads'
import { AssayError } from '../../core/errors.js'
import type { ReadOptions, Unit } from '../readers/unit.js'
import type { Gathered, Gatherer } from './gathering.js'
import { gatherUnit } from './read-documents.js'

/** What a thread is given once. */
export interface WorkerSetup {
  readonly setup: unknown
  /** 0 < thread < threads; 0 is the one that starts the others. */
  readonly thread: number
  readonly options: ReadOptions
  readonly strict: boolean
}

/** An error in the form that crosses threads. */
export interface ErrorMessage {
  readonly assay: boolean
  readonly code: string
  readonly kind: AssayError['kind']
  readonly title: string
  readonly fix: string
  readonly message: string
  readonly place: AssayError['place']
  readonly resumable?: AssayError['resumable']
  readonly stack: string
}

export type WorkerReply<G> = { readonly gathered: G } | { readonly error: ErrorMessage }

function describe(error: unknown): ErrorMessage {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof AssayError) {
    const { code, kind, title, fix, message, place, resumable } = error
    return { assay: true, code, kind, title, fix, message, place, resumable, stack }
  }
  return {
    assay: false,
    code: '',
    kind: 'engine',
    title: '',
    fix: '',
    message: String(error),
    place: undefined,
    stack,
  }
}

/**
 * A thread's module: gather the units that come, and send back what was gathered of each. Behind one that fails none is gathered: the
 * gatherer holds half of it, which would pass for the next one's.
 */
export function serveUnits<Setup>(create: (setup: Setup, thread: number) => Gatherer<Gathered>): void {
  const { setup, thread, options, strict } = workerData as WorkerSetup
  const gatherer = create(setup as Setup, thread)
  const reply = (message: WorkerReply<Gathered>): void => parentPort?.postMessage(message)
  let before: Promise<unknown> = Promise.resolve()
  parentPort?.on('message', (unit: Unit) => {
    before = before.then(async () => reply({ gathered: await gatherUnit(gatherer, unit, options, strict) }))
    before.catch((error: unknown) => reply({ error: describe(error) }))
  })
}
