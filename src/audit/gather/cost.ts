import { cpus } from 'node:os'
import type { CostEvidence, EngineSettings, OpenedModel } from '../../core/index.js'

const PREFILL_TOKENS = 256
const WARM_UP_TOKENS = 32
const REPETITIONS = 3
const DECODE_TOKENS = 100
/** Longest sequence to assume where a server does not tell its own. */
const MODEST_CONTEXT = 2048

/**
 * Time prefill and decode on this machine; a short first pass warms caches and is thrown away.
 *
 * @returns undefined where the scorer cannot be timed
 */
export async function gatherCost(
  { scorer, settings, prefix }: OpenedModel,
  pricePerMillionTokens: number | undefined,
): Promise<CostEvidence | undefined> {
  if (scorer.measureCost === undefined) return undefined
  const contextLength = scorer.contextLength ?? MODEST_CONTEXT
  const room = contextLength - DECODE_TOKENS - 1
  const tokens = Math.max(16, Math.min(PREFILL_TOKENS, room))
  const decodeEach = Math.max(1, Math.min(Math.ceil(DECODE_TOKENS / REPETITIONS), contextLength - tokens - 1))
  const prompt = new Int32Array(tokens).fill(prefix.document?.id ?? 0)
  await scorer.measureCost(prompt.subarray(0, WARM_UP_TOKENS), 1)
  const prefill: number[] = []
  const decode: number[] = []
  for (let r = 0; r < REPETITIONS; r++) {
    const { prefillSeconds, decodeSeconds } = await scorer.measureCost(prompt, decodeEach)
    prefill.push(prefillSeconds)
    decode.push(...decodeSeconds)
  }
  return {
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
    hardware: hardwareOf(settings),
    prefill: { tokens, seconds: prefill },
    decode: { seconds: decode },
    ...(pricePerMillionTokens === undefined ? {} : { pricePerMillionTokens }),
  }
}

/** This machine's processor, where the model runs on it. */
function hardwareOf({ gpu }: EngineSettings): string {
  if (gpu === undefined) return 'unknown hardware'
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} logical cores, ${gpu === 'cpu' ? 'no GPU' : gpu}`
}
