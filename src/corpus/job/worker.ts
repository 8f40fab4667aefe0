import { parentPort, workerData } from 'node:worker_threads'
import { AssayError } from '../../core/errors.js'
import { createEmbeddedCounter, type EmbeddedTables } from '../embedded/create.js'
import type { ReadOptions, Unit } from '../readers/unit.js'
import { type Counts, countUnit } from './unit-count.js'

/** What a thread is given once; the typed arrays lie on shared memory. */
export interface WorkerSetup {
  readonly tables: EmbeddedTables
  /** 0 ≤ thread < threads */
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
  readonly stack: string
}

export type WorkerReply = { readonly counts: Counts } | { readonly error: ErrorMessage }

function describe(error: unknown): ErrorMessage {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof AssayError) {
    const { code, kind, title, fix, message, place } = error
    return { assay: true, code, kind, title, fix, message, place, stack }
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

const { tables, thread, options, strict } = workerData as WorkerSetup
const counter = createEmbeddedCounter(tables, thread)
parentPort?.on('message', (unit: Unit) => {
  const reply = (message: WorkerReply): void => parentPort?.postMessage(message)
  countUnit(counter, unit, options, strict).then(
    (counts) => reply({ counts }),
    (error: unknown) => reply({ error: describe(error) }),
  )
})
