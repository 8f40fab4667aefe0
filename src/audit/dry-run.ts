import type { Engine } from '../core/index.js'
import { createRandom, flopsPerToken } from '../core/index.js'
import { windowOf } from './gather/surprisal.js'
import type { AuditPlan } from './plan.js'
import { samplePassages } from './texts/sample.js'

/** What an audit would do and take. Seconds are from a short calibration on this machine, ± what it saw. */
export interface DryRun {
  readonly documents: number
  readonly bytes: number
  readonly tokens: number
  readonly flops: number
  readonly seconds: number
  readonly calibration: { readonly tokens: number; readonly seconds: number }
  readonly window: number
}

const CALIBRATION_TOKENS = 256

/** Tokenize what would be scored, score a short stretch twice, and extrapolate. Nothing is written. */
export async function dryRun(engine: Engine, plan: AuditPlan): Promise<DryRun> {
  const { passages } = samplePassages(plan.domains, createRandom(plan.seed).derive('sample'), {
    full: plan.full,
    ...(plan.limit === undefined ? {} : { limit: plan.limit }),
  })
  const tokenized = passages.map((p) => engine.tokenize(p.text))
  const tokens = tokenized.reduce((n, t) => n + t.length, 0)
  const window = windowOf(engine, plan.window)
  const sample = Int32Array.from(
    tokenized.flatMap((t) => Array.from(t.subarray(0, CALIBRATION_TOKENS))),
  ).subarray(0, Math.min(CALIBRATION_TOKENS, engine.contextLength - 1))
  const request = { tokens: sample, from: 1 }
  await engine.score([request])
  const started = performance.now()
  await engine.score([request])
  const seconds = (performance.now() - started) / 1000
  return {
    documents: passages.length,
    bytes: passages.reduce((n, p) => n + Buffer.byteLength(p.text, 'utf8'), 0),
    tokens,
    flops: tokens * flopsPerToken(engine.model, window / 2),
    seconds: (seconds / Math.max(1, sample.length - 1)) * tokens,
    calibration: { tokens: sample.length - 1, seconds },
    window,
  }
}
