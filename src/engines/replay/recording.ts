import { createHash } from 'node:crypto'
import type { Engine, EngineSettings, GenerateRequest, ModelEvidence } from '../../core/index.js'

/** Answers of an engine, as JSON: enough to play an audit again without the model. */
export interface Recording {
  readonly schema: 'assay/recording@1'
  readonly model: ModelEvidence
  readonly settings: EngineSettings
  readonly prefixToken: Engine['prefixToken']
  readonly contextLength: number
  readonly vocabularySize: number
  /** Token ids by text. */
  readonly tokenizations: Record<string, number[]>
  /** Bytes in base64 and kind, by token id. */
  readonly tokens: Record<string, { readonly bytes: string; readonly kind: ReturnType<Engine['tokenKind']> }>
  /** Log-probabilities of tokens[from…], by {@link keyOfTokens}. */
  readonly scores: Record<string, { readonly from: number; readonly values: number[] }>
  /** Completions, by {@link keyOfGeneration}. */
  readonly generations: Record<string, { readonly text: string; readonly tokens: number[] }>
  /** Timings, by `prompt tokens/decoded tokens`. */
  readonly costs: Record<string, { readonly prefillSeconds: number; readonly decodeSeconds: number[] }>
}

/** SHA-256 over the ids as little-endian 32-bit numbers. */
export function keyOfTokens(tokens: Int32Array): string {
  const bytes = new DataView(new ArrayBuffer(tokens.length * 4))
  for (const [i, token] of tokens.entries()) bytes.setInt32(4 * i, token, true)
  return createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')
}

export function keyOfGeneration({
  tokens,
  maxTokens,
  temperature,
  seed,
  stop = [],
}: GenerateRequest): string {
  return `${keyOfTokens(tokens)}/${JSON.stringify([maxTokens, temperature, seed, stop])}`
}
