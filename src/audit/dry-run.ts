import { createRandom, flopsPerToken, type OpenedModel } from '../core/index.js'
import { windowOf } from './gather/surprisal.js'
import type { AuditPlan } from './plan.js'
import { samplePassages } from './texts/sample.js'

/** What an audit would do and take. Seconds are from a short calibration on this machine, ± what it saw. */
export interface DryRun {
  readonly documents: number
  readonly bytes: number
  readonly tokens: number
  /** Absent where the model's place does not tell its shape. */
  readonly flops?: number
  readonly seconds: number
  readonly calibration: { readonly tokens: number; readonly seconds: number }
  readonly window: number
}

const CALIBRATION_TOKENS = 256

/** Tokenize what would be scored, score a short stretch twice, and extrapolate. Nothing is written. */
export async function dryRun(model: OpenedModel, plan: AuditPlan): Promise<DryRun> {
  const { passages } = await samplePassages(plan.domains, createRandom(plan.seed).derive('sample'), {
    full: plan.full,
    ...(plan.limit === undefined ? {} : { limit: plan.limit }),
    ...(plan.textColumn === undefined ? {} : { column: plan.textColumn }),
  })
  const { scorer, tokenizer, evidence } = model
  const tokenized = passages.map((p) => tokenizer.tokenize(p.text))
  const tokens = tokenized.reduce((n, t) => n + t.length, 0)
  const window = windowOf(model, plan.window)
  const sample = Int32Array.from(
    tokenized.flatMap((t) => Array.from(t.subarray(0, CALIBRATION_TOKENS))),
  ).subarray(0, Math.min(CALIBRATION_TOKENS, window - 1))
  const request = { tokens: sample, from: 1 }
  await scorer.score([request])
  const started = performance.now()
  await scorer.score([request])
  const seconds = (performance.now() - started) / 1000
  const perToken = flopsPerToken(evidence, window / 2)
  return {
    documents: passages.length,
    bytes: passages.reduce((n, p) => n + Buffer.byteLength(p.text, 'utf8'), 0),
    tokens,
    ...(perToken === undefined ? {} : { flops: tokens * perToken }),
    seconds: (seconds / Math.max(1, sample.length - 1)) * tokens,
    calibration: { tokens: sample.length - 1, seconds },
    window,
  }
}
