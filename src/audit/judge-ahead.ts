import { Worker } from 'node:worker_threads'
import {
  type AnyProbe,
  type Conclusions,
  DEFAULT_LEVEL,
  type EvidenceByKind,
  type EvidenceKind,
} from '../core/index.js'
import { PROBES } from '../probes/index.js'
import type { AheadReply, AheadSetup } from './judge-ahead-worker.js'

/** The compiled worker; sources that run as TypeScript (tests) use the build's. */
function workerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(
    isSource ? '../../dist/audit/judge-ahead-worker.js' : './judge-ahead-worker.js',
    import.meta.url,
  )
}

/** What judging ahead takes: the seed and level that all will be judged by, and the probes that judge. */
export interface AheadOptions {
  readonly seed: number
  readonly level?: number
  readonly probes?: readonly AnyProbe[]
}

/**
 * Judges on a thread of its own while the model is still being asked: forecasts and logs need nothing of it. Each probe
 * has a random of its own, so its conclusions are the same wherever it judges. Probes that others bring judge with the rest.
 */
export class JudgingAhead {
  readonly #options: AheadOptions
  #worker: Worker | undefined
  #concluded: Promise<ReadonlyMap<string, Conclusions>> = Promise.resolve(new Map())

  constructor(options: AheadOptions) {
    this.#options = options
  }

  /** Begin with the probes that ask for nothing but this evidence. */
  begin(evidence: Partial<EvidenceByKind>): void {
    const { seed, level = DEFAULT_LEVEL, probes = PROBES } = this.#options
    const isThere = (kind: EvidenceKind): boolean => evidence[kind] !== undefined
    const ids = probes
      .filter((probe) => PROBES.includes(probe) && [...probe.needs, ...(probe.wants ?? [])].every(isThere))
      .map(({ id }) => id)
    if (ids.length === 0) return
    const setup: AheadSetup = { evidence, ids, seed, level }
    this.#worker = new Worker(workerUrl(), { workerData: setup })
    this.#concluded = conclusionsOf(this.#worker)
  }

  /** What they concluded, by probe; nothing of a thread that failed: its probes judge with the rest. */
  get concluded(): Promise<ReadonlyMap<string, Conclusions>> {
    return this.#concluded
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}

function conclusionsOf(worker: Worker): Promise<ReadonlyMap<string, Conclusions>> {
  return new Promise((resolve) => {
    worker.on('message', (reply: AheadReply) => resolve(new Map(reply)))
    worker.on('error', () => resolve(new Map()))
    worker.on('exit', () => resolve(new Map()))
  })
}
