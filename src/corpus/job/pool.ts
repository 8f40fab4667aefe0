import { Worker } from 'node:worker_threads'
import { AssayError } from '../../core/errors.js'
import { raise } from '../errors.js'
import type { Unit } from '../readers/unit.js'
import type { Gathered, Gatherer, Gathering } from './gathering.js'
import { gatherUnit } from './read-documents.js'
import type { ErrorMessage, WorkerReply, WorkerSetup } from './serve-units.js'

/** Gathers one unit after the other. */
interface UnitGatherer<G extends Gathered> {
  /** Units that it may be given before the first is done. */
  readonly inHand: number
  gather(unit: Unit): Promise<G>
  close(): Promise<void>
}

function revive(error: ErrorMessage): Error {
  if (!error.assay) return new Error(error.stack)
  const { code, kind, title, fix, message, place, resumable } = error
  return new AssayError(code, { kind, title, fix, ...(resumable && { resumable }) }, message, place)
}

interface Asked<G> {
  resolve(gathered: G): void
  reject(error: Error): void
}

/** Another thread. It has the next unit before it is done with one: this thread, busy with a block of its own, answers late. */
class Thread<G extends Gathered> implements UnitGatherer<G> {
  readonly inHand = 2
  readonly #worker: Worker
  /** Units that it has not answered, in the order in which they were given. */
  #asked: Asked<G>[] = []
  /** Why it ended, which may be before it is given a unit: nobody would answer. */
  #end: string | undefined

  constructor(module: URL, setup: WorkerSetup) {
    this.#worker = new Worker(module, { workerData: setup })
    this.#worker.on('message', (reply: WorkerReply<G>) => {
      const asked = this.#asked.shift()
      if ('gathered' in reply) asked?.resolve(reply.gathered)
      else asked?.reject(revive(reply.error))
    })
    const fail = (why: string): void => {
      this.#end ??= why
      for (const { reject } of this.#asked.splice(0)) reject(raise('worker-failed', why))
    }
    this.#worker.on('error', (error) => fail(String(error)))
    this.#worker.on('exit', (code) => fail(`the thread ended with code ${code}`))
  }

  gather(unit: Unit): Promise<G> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) throw raise('worker-failed', this.#end)
      this.#asked.push({ resolve, reject })
      this.#worker.postMessage(unit)
    })
  }

  async close(): Promise<void> {
    this.#asked = []
    await this.#worker.terminate()
  }
}

/** What gathers in at most `threads` threads: this one, and others where more than one is asked for and the gathering has a module for them. */
export async function createPool<G extends Gathered, S>(
  gathering: Gathering<G, S>,
  threads: number,
  strict: boolean,
): Promise<readonly UnitGatherer<G>[]> {
  const options = gathering.read
  const { own, others } = gathering.gatherers(threads)
  const there = Array.from(
    { length: others === null ? 0 : threads - 1 },
    (_, i) => new Thread<G>(others!.module, { setup: others!.setup, thread: i + 1, options, strict }),
  )
  let gatherer: Gatherer<G>
  try {
    gatherer = await own()
  } catch (error) {
    await Promise.all(there.map((thread) => thread.close()))
    throw error
  }
  const here: UnitGatherer<G> = {
    inHand: 1,
    gather: (unit) => gatherUnit(gatherer, unit, options, strict),
    async close() {},
  }
  return [here, ...there]
}
