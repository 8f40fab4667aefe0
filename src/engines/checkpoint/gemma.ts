import type { GgufEntry } from '../gguf/writer.js'
import type { TensorRule } from './architecture.js'
import type { CheckpointConfig } from './config.js'
import { type DecoderShape, gatedFeedForward, norm } from './decoder.js'

/**
 * The library scales queries by the head's size, in its largest model by the width a head; a config that says otherwise
 * would get other numbers.
 *
 * @param largest  layers by which the library knows the largest model
 */
export function requireGemmaScale(
  config: CheckpointConfig,
  { width, heads, headSize, layers }: DecoderShape,
  largest: number,
): void {
  const asked = config.optionalReal('query_pre_attn_scalar') ?? 256
  const computed = layers === largest ? Math.floor(width / heads) : headSize
  if (asked !== computed)
    throw config.unsupported('query_pre_attn_scalar', `found ${asked}, computed is ${computed}`)
}

/** The window's length, and which layers have it: by name, else all but every `pattern`-th. */
export function slidingWindow(
  config: CheckpointConfig,
  layers: number,
  pattern: number,
): Readonly<Record<string, GgufEntry>> {
  const kinds = config.texts('layer_types')
  return {
    'attention.sliding_window': { count: config.count('sliding_window') },
    'attention.sliding_window_pattern': {
      flags: Array.from({ length: layers }, (_, i) =>
        kinds === undefined ? (i + 1) % pattern !== 0 : kinds[i] === 'sliding_attention',
      ),
    },
  }
}

/** Gemma's checkpoints store norms as their distance from one. */
export const NORM_OFFSET = { plus: 1 } as const

/** A layer with a norm before and behind attention and feed-forward each. */
export function aroundNorms(
  to: string,
  from: string,
  shape: DecoderShape,
  attention: readonly TensorRule[],
): TensorRule[] {
  const { width } = shape
  return [
    ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, width, NORM_OFFSET),
    ...attention,
    ...norm(`${to}.post_attention_norm`, `${from}.post_attention_layernorm`, width, NORM_OFFSET),
    ...norm(`${to}.ffn_norm`, `${from}.pre_feedforward_layernorm`, width, NORM_OFFSET),
    ...gatedFeedForward(to, `${from}.mlp`, shape),
    ...norm(`${to}.post_ffw_norm`, `${from}.post_feedforward_layernorm`, width, NORM_OFFSET),
  ]
}
