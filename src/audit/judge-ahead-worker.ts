import { parentPort, workerData } from 'node:worker_threads'
import type { Conclusions, EvidenceByKind } from '../core/index.js'
import { PROBES } from '../probes/index.js'
import { runProbe, sharedAnalysis } from './run-probes.js'

/** What the thread is given. */
export interface AheadSetup {
  readonly evidence: Partial<EvidenceByKind>
  /** Of the probes that judge. */
  readonly ids: readonly string[]
  readonly seed: number
  readonly level: number
}

/** By probe. */
export type AheadReply = readonly (readonly [id: string, Conclusions])[]

const { evidence, ids, seed, level } = workerData as AheadSetup
const context = { seed, level, analyseLogs: sharedAnalysis(), references: [] }
const reply: AheadReply = PROBES.filter(({ id }) => ids.includes(id)).map((probe) => [
  probe.id,
  runProbe(probe, evidence, context),
])
parentPort?.postMessage(reply)
