import type { Architecture } from '../architecture.js'
import { attention, decoderShape, expertCounts, experts, headNorms, norm } from '../decoder.js'
import { rmsDecoder } from '../rms-decoder.js'
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
    const count = config.count('num_experts')
    const names = { gate: 'gate_proj', up: 'up_proj', down: 'down_proj' }
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, headSize),
      metadata: expertCounts(config, count),
      ownHead: true,
      layer: (to, from) => [
        ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, width),
        ...attention(to, `${from}.self_attn`, shape),
        ...headNorms(to, `${from}.self_attn`, [heads * headSize, heads * headSize]),
        ...norm(`${to}.ffn_norm`, `${from}.post_attention_layernorm`, width),
        ...experts(to, `${from}.mlp`, count, shape, names),
      ],
    })
  },
}
