import { Worker } from 'node:worker_threads'
import { AssayError } from '../../core/errors.js'
import { buildEmbeddedTables, createEmbeddedCounter } from '../embedded/create.js'
import { raise } from '../errors.js'
import type { Entities } from '../names/entities.js'
import { createPlainCounter } from '../plain/counter.js'
import type { ReadOptions, Unit } from '../readers/unit.js'
import { type Counts, countUnit } from './unit-count.js'
import type { ErrorMessage, WorkerReply, WorkerSetup } from './worker.js'

/** Counts units, several at a time. */
export interface UnitCounter {
  readonly threads: number
  count(unit: Unit): Promise<Counts>
  close(): Promise<void>
}

export interface PoolOptions extends ReadOptions {
  readonly engine: 'embedded' | 'plain'
  readonly threads: number
  readonly strict: boolean
}

/** The compiled worker; sources that run as TypeScript (tests) use the build's. */
function workerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? '../../../dist/corpus/job/worker.js' : './worker.js', import.meta.url)
}

function revive(error: ErrorMessage): Error {
  if (!error.assay) return new Error(error.stack)
  const { code, kind, title, fix, message, place } = error
  return new AssayError(code, { kind, title, fix }, message, place)
}

/** One thread with at most one unit in hand. */
class Thread {
  readonly #worker: Worker
  #settle: { resolve(counts: Counts): void; reject(error: Error): void } | undefined

  constructor(setup: WorkerSetup) {
    this.#worker = new Worker(workerUrl(), { workerData: setup })
    this.#worker.on('message', (reply: WorkerReply) => {
      const settle = this.#settle
      this.#settle = undefined
      if ('counts' in reply) settle?.resolve(reply.counts)
      else settle?.reject(revive(reply.error))
    })
    const fail = (why: string): void => this.#settle?.reject(raise('worker-failed', why))
    this.#worker.on('error', (error) => fail(String(error)))
    this.#worker.on('exit', (code) => fail(`the thread ended with code ${code}`))
  }

  count(unit: Unit): Promise<Counts> {
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

function createThreads(setup: Omit<WorkerSetup, 'thread'>, threads: number): UnitCounter {
  const all = Array.from({ length: threads }, (_, thread) => new Thread({ ...setup, thread }))
  const free = [...all]
  const waiting: ((thread: Thread) => void)[] = []
  return {
    threads,
    async count(unit) {
      const thread = free.pop() ?? (await new Promise<Thread>((resolve) => waiting.push(resolve)))
      try {
        return await thread.count(unit)
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

/** Threads for the embedded engine, or this thread alone where one is asked for; the plain counter always runs alone. */
export function createUnitCounter(entities: Entities, options: PoolOptions): UnitCounter {
  const { column, textDocument, strict } = options
  const readOptions: ReadOptions = { column, textDocument }
  const { threads } = options
  if (options.engine === 'embedded' && threads > 1)
    return createThreads(
      { tables: buildEmbeddedTables(entities, threads), options: readOptions, strict },
      threads,
    )
  const counter =
    options.engine === 'plain'
      ? createPlainCounter(entities)
      : createEmbeddedCounter(buildEmbeddedTables(entities, 1), 0)
  let last: Promise<unknown> = Promise.resolve()
  return {
    threads: 1,
    count(unit) {
      const counts = last.then(() => countUnit(counter, unit, readOptions, strict))
      last = counts.catch(() => undefined)
      return counts
    },
    async close() {
      await last
    },
  }
}
