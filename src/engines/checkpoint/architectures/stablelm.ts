import type { Architecture, TensorRule } from '../architecture.js'
import {
  attention,
  decoderMetadata,
  decoderShape,
  eachLayer,
  ends,
  gatedFeedForward,
  norm,
} from '../decoder.js'
import { declareRope, rotatedDimensions } from '../rope.js'

/** StableLM: layer norms, part of a head rotated; the 12B model has parallel residuals and a norm of its own for each head. */
export const stablelm: Architecture = {
  names: ['StableLmForCausalLM', 'StableLMEpochForCausalLM'],
  gguf: 'stablelm',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const { width, heads, kvHeads, headSize } = shape
    const { metadata, made, context } = declareRope(config, rotatedDimensions(config, headSize, 0.25))
    const parallel = config.flag('use_parallel_residual', false)
    const headNorms = config.flag('qk_layernorm', false)
    const bias = { bias: true }
    return {
      metadata: {
        ...decoderMetadata(shape, context),
        ...metadata,
        'attention.layer_norm_epsilon': { real: config.real('layer_norm_eps', 'norm_eps') },
      },
      made,
      tensors: [
        ...ends(config, shape, {
          tied: false,
          ownHead: true,
          lastNorm: norm('output_norm', 'model.norm', width, bias),
        }),
        ...eachLayer(shape.layers, (i) => {
          const from = `model.layers.${i}`
          return [
            ...norm(`blk.${i}.attn_norm`, `${from}.input_layernorm`, width, bias),
            ...attention(`blk.${i}`, `${from}.self_attn`, shape, {
              bias: config.flag('use_qkv_bias', false),
            }),
            ...(headNorms
              ? [
                  normOfHeads(`blk.${i}.attn_q_norm`, `${from}.self_attn.q_layernorm`, heads, headSize),
                  normOfHeads(`blk.${i}.attn_k_norm`, `${from}.self_attn.k_layernorm`, kvHeads, headSize),
                ]
              : []),
            ...(parallel ? [] : norm(`blk.${i}.ffn_norm`, `${from}.post_attention_layernorm`, width, bias)),
            ...gatedFeedForward(`blk.${i}`, `${from}.mlp`, shape),
          ]
        }),
      ],
    }
  },
}

/** A norm for each head, one row each. */
function normOfHeads(to: string, from: string, heads: number, headSize: number): TensorRule {
  return {
    to: `${to}.weight`,
    from: Array.from({ length: heads }, (_, head) => `${from}.norms.${head}.weight`),
    shape: [headSize],
    single: true,
  }
}
