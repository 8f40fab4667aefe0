import { createHash } from 'node:crypto'
import type {
  EngineSettings,
  GenerateRequest,
  ModelEvidence,
  PrefixTokens,
  ScoreCost,
  TextTokenizer,
} from '../../core/index.js'

/** How files that hold a recording end. */
export const RECORDING_EXTENSION = '.recording.json'

/** Answers of a model, as JSON: enough to play an audit again without it. */
export interface Recording {
  readonly schema: 'assay/recording@2'
  readonly model: ModelEvidence
  readonly settings: EngineSettings
  readonly prefix: PrefixTokens
  readonly contextLength?: number
  readonly vocabularySize: number
  /** Whether it could write and be timed at all. */
  readonly can: { readonly generate: boolean; readonly measureCost: boolean }
  /** Token ids by text. */
  readonly tokenizations: Record<string, number[]>
  /** Bytes in base64 and kind, by token id. */
  readonly tokens: Record<
    string,
    { readonly bytes: string; readonly kind: ReturnType<TextTokenizer['tokenKind']> }
  >
  /** Log-probabilities of tokens[from…], by {@link keyOfTokens}. */
  readonly scores: Record<string, { readonly from: number; readonly values: number[] }>
  /** Completions, by {@link keyOfGeneration}. */
  readonly generations: Record<string, { readonly text: string; readonly tokens: number[] }>
  /** Timings, by {@link keyOfCost}. */
  readonly costs: Record<string, ScoreCost>
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

/** Prompt and decoded tokens: which ones they are costs nothing. */
export function keyOfCost(prompt: Int32Array, decode: number): string {
  return `${prompt.length}/${decode}`
}
