import type { Architecture } from '../architecture.js'
import { attention, decoderMetadata, decoderShape, eachLayer, ends, experts, norm } from '../decoder.js'
import { declareRope } from '../rope.js'

/** OLMoE: a mixture of small experts, norms over all query and key heads at once. */
export const olmoe: Architecture = {
  names: ['OlmoeForCausalLM'],
  gguf: 'olmoe',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    config.requireOneOf('attention_bias', [false, undefined])
    config.requireOneOf('clip_qkv', [null, undefined])
    config.requireOneOf('norm_topk_prob', [false, undefined])
    const shape = decoderShape(config)
    const { width, headSize, heads } = shape
    config.requireOneOf('num_key_value_heads', [heads, undefined])
    const { metadata, made, context } = declareRope(config, headSize)
    const count = config.count('num_experts')
    return {
      metadata: {
        ...decoderMetadata(shape, context),
        ...metadata,
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
        expert_count: { count },
        expert_used_count: { count: config.count('num_experts_per_tok') },
      },
      made,
      tensors: [
        ...ends(config, shape, {
          tied: false,
          ownHead: true,
          lastNorm: norm('output_norm', 'model.norm', width),
        }),
        ...eachLayer(shape.layers, (i) => {
          const from = `model.layers.${i}`
          return [
            ...norm(`blk.${i}.attn_norm`, `${from}.input_layernorm`, width),
            ...attention(`blk.${i}`, `${from}.self_attn`, shape),
            ...norm(`blk.${i}.attn_q_norm`, `${from}.self_attn.q_norm`, heads * headSize),
            ...norm(`blk.${i}.attn_k_norm`, `${from}.self_attn.k_norm`, heads * headSize),
            ...norm(`blk.${i}.ffn_norm`, `${from}.post_attention_layernorm`, width),
            ...experts(`blk.${i}`, `${from}.mlp`, count, shape, {
              gate: 'gate_proj',
              up: 'up_proj',
              down: 'down_proj',
            }),
          ]
        }),
      ],
    }
  },
}
