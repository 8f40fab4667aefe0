import { cpus } from 'node:os'
import type { CostEvidence, Engine } from '../../core/index.js'

const PREFILL_TOKENS = 256
const REPETITIONS = 3
const DECODE_TOKENS = 100

/** Time prefill and decode on this machine; a short first pass warms caches and is thrown away. */
export async function gatherCost(
  engine: Engine,
  pricePerMillionTokens: number | undefined,
): Promise<CostEvidence> {
  const room = engine.contextLength - DECODE_TOKENS - 1
  const tokens = Math.max(16, Math.min(PREFILL_TOKENS, room))
  const decodeEach = Math.max(
    1,
    Math.min(Math.ceil(DECODE_TOKENS / REPETITIONS), engine.contextLength - tokens - 1),
  )
  await engine.measureCost(Math.min(32, tokens), 1)
  const prefill: number[] = []
  const decode: number[] = []
  for (let r = 0; r < REPETITIONS; r++) {
    const { prefillSeconds, decodeSeconds } = await engine.measureCost(tokens, decodeEach)
    prefill.push(prefillSeconds)
    decode.push(...decodeSeconds)
  }
  return {
    threads: engine.settings.threads,
    hardware: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} logical cores, ${engine.settings.gpu === 'cpu' ? 'no GPU' : engine.settings.gpu}`,
    prefill: { tokens, seconds: prefill },
    decode: { seconds: decode },
    ...(pricePerMillionTokens === undefined ? {} : { pricePerMillionTokens }),
  }
}
