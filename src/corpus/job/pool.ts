import { Worker } from 'node:worker_threads'
import { AssayError } from '../../core/errors.js'
import { raise } from '../errors.js'
import type { Unit } from '../readers/unit.js'
import type { Gathered, Gathering } from './gathering.js'
import { gatherUnit } from './read-documents.js'
import type { ErrorMessage, WorkerReply, WorkerSetup } from './worker.js'

/** Gathers units, several at a time. */
export interface UnitGatherer<G extends Gathered> {
  readonly threads: number
  gather(unit: Unit): Promise<G>
  close(): Promise<void>
}

/** The compiled worker, alike for sources that run as TypeScript (tests), for the build and for the program's bundle. */
const WORKER = new URL('../../../dist/corpus/job/worker.js', import.meta.url)

function revive(error: ErrorMessage): Error {
  if (!error.assay) return new Error(error.stack)
  const { code, kind, title, fix, message, place } = error
  return new AssayError(code, { kind, title, fix }, message, place)
}

/** One thread with at most one unit in hand. */
class Thread<G extends Gathered> {
  readonly #worker: Worker
  #settle: { resolve(gathered: G): void; reject(error: Error): void } | undefined

  constructor(setup: WorkerSetup) {
    this.#worker = new Worker(WORKER, { workerData: setup })
    this.#worker.on('message', (reply: WorkerReply<G>) => {
      const settle = this.#settle
      this.#settle = undefined
      if ('gathered' in reply) settle?.resolve(reply.gathered)
      else settle?.reject(revive(reply.error))
    })
    const fail = (why: string): void => this.#settle?.reject(raise('worker-failed', why))
    this.#worker.on('error', (error) => fail(String(error)))
    this.#worker.on('exit', (code) => fail(`the thread ended with code ${code}`))
  }

  gather(unit: Unit): Promise<G> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#worker.postMessage(unit)
    })
  }

  async close(): Promise<void> {
    this.#settle = undefined
    await this.#worker.terminate()
  }
}

function createThreads<G extends Gathered>(
  setup: Omit<WorkerSetup, 'thread'>,
  threads: number,
): UnitGatherer<G> {
  const all = Array.from({ length: threads }, (_, thread) => new Thread<G>({ ...setup, thread }))
  const free = [...all]
  const waiting: ((thread: Thread<G>) => void)[] = []
  return {
    threads,
    async gather(unit) {
      const thread = free.pop() ?? (await new Promise<Thread<G>>((resolve) => waiting.push(resolve)))
      try {
        return await thread.gather(unit)
      } finally {
        const next = waiting.shift()
        if (next === undefined) free.push(thread)
        else next(thread)
      }
    },
    async close() {
      await Promise.all(all.map((thread) => thread.close()))
    },
  }
}

/** Threads where more than one is asked for and the gathering has a module for them; otherwise this thread alone. */
export function createPool<G extends Gathered, S>(
  gathering: Gathering<G, S>,
  threads: number,
  strict: boolean,
): UnitGatherer<G> {
  const options = gathering.read
  const threaded = threads > 1 ? gathering.threads(threads) : null
  if (threaded !== null) return createThreads({ ...threaded, options, strict }, threads)
  const gatherer = gathering.gatherer()
  let last: Promise<unknown> = Promise.resolve()
  return {
    threads: 1,
    gather(unit) {
      const gathered = last.then(() => gatherUnit(gatherer, unit, options, strict))
      last = gathered.catch(() => undefined)
      return gathered
    },
    async close() {
      await last
    },
  }
}
