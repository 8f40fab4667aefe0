import type { GgufEntry } from '../gguf/writer.js'
import type { Change, TensorRule } from './architecture.js'
import type { CheckpointConfig } from './config.js'

/** Sizes that decoders have in common. */
export interface DecoderShape {
  readonly width: number
  readonly layers: number
  readonly heads: number
  /** Key and value heads. */
  readonly kvHeads: number
  readonly headSize: number
  readonly feedForward: number
  readonly vocabulary: number
}

export function decoderShape(config: CheckpointConfig): DecoderShape {
  const width = config.count('hidden_size')
  const heads = config.count('num_attention_heads')
  const kvHeads = config.optionalCount('num_key_value_heads') ?? heads
  const headSize =
    config.optionalCount('head_dim') ??
    requireWhole(config, ['hidden_size', width], ['num_attention_heads', heads])
  requireWhole(config, ['num_attention_heads', heads], ['num_key_value_heads', kvHeads])
  return {
    width,
    heads,
    layers: config.count('num_hidden_layers'),
    kvHeads,
    headSize,
    feedForward: config.count('intermediate_size'),
    vocabulary: config.count('vocab_size'),
  }
}

type Named = readonly [field: string, value: number]

/** How many parts of a size a whole has. @throws {AssayError} `engines/bad-checkpoint-config` where that is no whole number */
export function requireWhole(config: CheckpointConfig, [whole, total]: Named, [part, size]: Named): number {
  if (total % size === 0) return total / size
  throw config.bad(part, size, `a divisor of ${whole}: ${whole} ${total} is not divisible by ${part} ${size}`)
}

export function decoderMetadata(shape: DecoderShape, context: number): Readonly<Record<string, GgufEntry>> {
  return {
    context_length: { count: context },
    embedding_length: { count: shape.width },
    block_count: { count: shape.layers },
    feed_forward_length: { count: shape.feedForward },
    'attention.head_count': { count: shape.heads },
    'attention.head_count_kv': { count: shape.kvHeads },
    'attention.key_length': { count: shape.headSize },
    'attention.value_length': { count: shape.headSize },
    vocab_size: { count: shape.vocabulary },
  }
}

/** The same rules for every layer. */
export function eachLayer(layers: number, rules: (layer: number) => readonly TensorRule[]): TensorRule[] {
  return Array.from({ length: layers }, (_, layer) => rules(layer)).flat()
}

/** Weight (and bias) of a norm; `plus` where the checkpoint stores its distance from one. */
export function norm(
  to: string,
  from: string,
  size: number,
  { bias = false, plus }: { readonly bias?: boolean; readonly plus?: number } = {},
): TensorRule[] {
  const change: Change | undefined = plus === undefined ? undefined : { kind: 'plus', value: plus }
  return [
    { to: `${to}.weight`, from: [`${from}.weight`], shape: [size], ...(change && { change }) },
    ...(bias ? [{ to: `${to}.bias`, from: [`${from}.bias`], shape: [size] }] : []),
  ]
}

/** Weight, shape (outputs, inputs), and bias of a linear map; a change of rows is one of both. */
export function linear(
  to: string,
  from: string,
  [outputs, inputs]: readonly [outputs: number, inputs: number],
  { bias = false, change }: { readonly bias?: boolean; readonly change?: Change | undefined } = {},
): TensorRule[] {
  const changed = change === undefined ? {} : { change }
  return [
    { to: `${to}.weight`, from: [`${from}.weight`], shape: [outputs, inputs], ...changed },
    ...(bias ? [{ to: `${to}.bias`, from: [`${from}.bias`], shape: [outputs], ...changed }] : []),
  ]
}

/** Embedding, last norm and head. A tied head is the embedding: written out where the library wants one of its own. */
export function ends(
  config: CheckpointConfig,
  { width, vocabulary }: DecoderShape,
  {
    embedding = 'model.embed_tokens',
    lastNorm,
    head = 'lm_head',
    tied,
    ownHead = false,
  }: {
    readonly embedding?: string
    readonly lastNorm: readonly TensorRule[]
    readonly head?: string
    /** Where config.json is silent. */
    readonly tied: boolean
    /** Whether the library needs `output.weight` in any case. */
    readonly ownHead?: boolean
  },
): TensorRule[] {
  const isTied = config.flag('tie_word_embeddings', tied)
  const output = linear('output', isTied ? embedding : head, [vocabulary, width])
  return [
    ...linear('token_embd', embedding, [vocabulary, width]),
    ...lastNorm,
    ...(isTied && !ownHead ? [] : output),
  ]
}

/**
 * Query and key rows from the layout of transformers, which rotates dimension j of a head with j + d/2, to neighbours 2j
 * and 2j + 1, as llama.cpp rotates in `llama`: row 2j + k of a head comes from row k·d/2 + j.
 */
export function neighbouringPairs(heads: number, headSize: number): Change {
  const half = headSize / 2
  const order = Int32Array.from({ length: heads * headSize }, (_, row) => {
    const within = row % headSize
    return row - within + (within % 2) * half + (within >> 1)
  })
  return { kind: 'rows', order }
}

/** Query, key, value and output of attention under the names that most decoders share. */
export function attention(
  to: string,
  from: string,
  { width, heads, kvHeads, headSize }: DecoderShape,
  {
    bias = false,
    outputBias = false,
    pairs = false,
  }: { readonly bias?: boolean; readonly outputBias?: boolean; readonly pairs?: boolean } = {},
): TensorRule[] {
  const rotated = (count: number) => (pairs ? { change: neighbouringPairs(count, headSize) } : {})
  return [
    ...linear(`${to}.attn_q`, `${from}.q_proj`, [heads * headSize, width], { bias, ...rotated(heads) }),
    ...linear(`${to}.attn_k`, `${from}.k_proj`, [kvHeads * headSize, width], { bias, ...rotated(kvHeads) }),
    ...linear(`${to}.attn_v`, `${from}.v_proj`, [kvHeads * headSize, width], { bias }),
    ...linear(`${to}.attn_output`, `${from}.o_proj`, [width, heads * headSize], { bias: outputBias }),
  ]
}

/** Norms on query and key, of these sizes: a head's, or all heads' at once. */
export function headNorms(
  to: string,
  from: string,
  [query, key]: readonly [query: number, key: number],
  options: { readonly plus?: number } = {},
): TensorRule[] {
  return [
    ...norm(`${to}.attn_q_norm`, `${from}.q_norm`, query, options),
    ...norm(`${to}.attn_k_norm`, `${from}.k_norm`, key, options),
  ]
}

/** Gate, up and down of a gated feed-forward network. */
export function gatedFeedForward(
  to: string,
  from: string,
  { width, feedForward }: DecoderShape,
  { bias = false }: { readonly bias?: boolean } = {},
): TensorRule[] {
  return [
    ...linear(`${to}.ffn_gate`, `${from}.gate_proj`, [feedForward, width], { bias }),
    ...linear(`${to}.ffn_up`, `${from}.up_proj`, [feedForward, width], { bias }),
    ...linear(`${to}.ffn_down`, `${from}.down_proj`, [width, feedForward], { bias }),
  ]
}

/** How many experts there are, and how many a token is sent to. */
export function expertCounts(config: CheckpointConfig, count: number): Readonly<Record<string, GgufEntry>> {
  return { expert_count: { count }, expert_used_count: { count: config.count('num_experts_per_tok') } }
}

/** The router of a mixture of experts, and the experts' matrices stacked. */
export function experts(
  to: string,
  from: string,
  count: number,
  { width, feedForward }: DecoderShape,
  names: { readonly gate: string; readonly up: string; readonly down: string },
): TensorRule[] {
  const stack = (name: string, matrix: string, shape: readonly number[]): TensorRule => ({
    to: `${to}.${name}_exps.weight`,
    from: Array.from({ length: count }, (_, i) => `${from}.experts.${i}.${matrix}.weight`),
    shape,
  })
  return [
    ...linear(`${to}.ffn_gate_inp`, `${from}.gate`, [count, width]),
    stack('ffn_gate', names.gate, [feedForward, width]),
    stack('ffn_up', names.up, [feedForward, width]),
    stack('ffn_down', names.down, [width, feedForward]),
  ]
}

/**
 * The longest text for which a window that the library does not have makes no difference: every token of it sees all
 * before it.
 */
export function withinWindow(context: number, window: number | undefined): number {
  return window === undefined ? context : Math.min(context, window)
}
