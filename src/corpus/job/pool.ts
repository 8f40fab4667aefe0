import { Worker } from 'node:worker_threads'
import { AssayError } from '../../core/errors.js'
import { raise } from '../errors.js'
import type { Unit } from '../readers/unit.js'
import type { Gathered, Gathering } from './gathering.js'
import { gatherUnit } from './read-documents.js'
import type { ErrorMessage, WorkerReply, WorkerSetup } from './serve-units.js'

/** Gathers one unit after the other. */
interface UnitGatherer<G extends Gathered> {
  gather(unit: Unit): Promise<G>
  close(): Promise<void>
}

function revive(error: ErrorMessage): Error {
  if (!error.assay) return new Error(error.stack)
  const { code, kind, title, fix, message, place } = error
  return new AssayError(code, { kind, title, fix }, message, place)
}

/** Another thread with at most one unit in hand. */
class Thread<G extends Gathered> implements UnitGatherer<G> {
  readonly #worker: Worker
  #settle: { resolve(gathered: G): void; reject(error: Error): void } | undefined

  constructor(module: URL, setup: WorkerSetup) {
    this.#worker = new Worker(module, { workerData: setup })
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

/** What gathers in at most `threads` threads: this one, and others where more than one is asked for and the gathering has a module for them. */
export function createPool<G extends Gathered, S>(
  gathering: Gathering<G, S>,
  threads: number,
  strict: boolean,
): readonly UnitGatherer<G>[] {
  const options = gathering.read
  const { own, others } = gathering.gatherers(threads)
  const here: UnitGatherer<G> = {
    gather: (unit) => gatherUnit(own, unit, options, strict),
    async close() {},
  }
  if (others === null) return [here]
  const { module, setup } = others
  const there = Array.from(
    { length: threads - 1 },
    (_, i) => new Thread<G>(module, { setup, thread: i + 1, options, strict }),
  )
  return [here, ...there]
}
