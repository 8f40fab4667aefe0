import { Worker } from 'node:worker_threads'
import {
  type AnyProbe,
  type Conclusions,
  DEFAULT_LEVEL,
  type EvidenceByKind,
  type EvidenceKind,
} from '../core/index.js'
import { threadModule } from '../io/thread-module.js'
import { PROBES } from '../probes/index.js'
import type { AheadReply, AheadSetup } from './judge-ahead-worker.js'

/** What judging ahead takes: the seed and level that all will be judged by, and the probes that judge. */
export interface AheadOptions {
  readonly seed: number
  readonly level?: number
  readonly probes?: readonly AnyProbe[]
}

/**
 * Judges on threads of their own while the model is still being asked: forecasts and logs need nothing of it, and facts are
 * asked before tasks. Each probe has a random of its own, so its conclusions are the same wherever it judges. Probes that
 * others bring judge with the rest.
 */
export class JudgingAhead {
  readonly #options: AheadOptions
  readonly #workers: Worker[] = []
  readonly #concluded: Promise<AheadReply>[] = []
  readonly #begun = new Set<string>()

  constructor(options: AheadOptions) {
    this.#options = options
  }

  /** Begin with the probes that ask for nothing but this evidence; it may be called again with more. */
  begin(evidence: Partial<EvidenceByKind>): void {
    const { seed, level = DEFAULT_LEVEL, probes = PROBES } = this.#options
    const isThere = (kind: EvidenceKind): boolean => evidence[kind] !== undefined
    const ready = probes.filter(
      (probe) => PROBES.includes(probe) && !this.#begun.has(probe.id) && takenBy(probe).every(isThere),
    )
    if (ready.length === 0) return
    const ids = ready.map(({ id }) => id)
    for (const id of ids) this.#begun.add(id)
    const taken = Object.fromEntries(ready.flatMap(takenBy).map((kind) => [kind, evidence[kind]]))
    const setup: AheadSetup = { evidence: taken, ids, seed, level }
    const worker = new Worker(threadModule(import.meta.url, './judge-ahead-worker'), { workerData: setup })
    this.#workers.push(worker)
    this.#concluded.push(replyOf(worker))
  }

  /** What they concluded, by probe; nothing of a thread that failed: its probes judge with the rest. */
  get concluded(): Promise<ReadonlyMap<string, Conclusions>> {
    return Promise.all(this.#concluded).then((replies) => new Map(replies.flat()))
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

function takenBy({ needs, wants = [] }: AnyProbe): EvidenceKind[] {
  return [...needs, ...wants]
}

function replyOf(worker: Worker): Promise<AheadReply> {
  return new Promise((resolve) => {
    worker.on('message', (reply: AheadReply) => resolve(reply))
    worker.on('error', () => resolve([]))
    worker.on('exit', () => resolve([]))
  })
}
