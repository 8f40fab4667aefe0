import type { Architecture } from '../architecture.js'
import {
  attention,
  decoderMetadata,
  decoderShape,
  eachLayer,
  ends,
  gatedFeedForward,
  norm,
} from '../decoder.js'
import { declareRope } from '../rope.js'

/** OLMo 2: norms behind attention and feed-forward, and over all query and key heads at once. */
export const olmo2: Architecture = {
  names: ['Olmo2ForCausalLM'],
  gguf: 'olmo2',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    config.requireOneOf('attention_bias', [false, undefined])
    const shape = decoderShape(config)
    const { width, heads, kvHeads, headSize } = shape
    const { metadata, made, context } = declareRope(config, headSize)
    return {
      metadata: {
        ...decoderMetadata(shape, context),
        ...metadata,
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
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
            ...attention(`blk.${i}`, `${from}.self_attn`, shape),
            ...norm(`blk.${i}.attn_q_norm`, `${from}.self_attn.q_norm`, heads * headSize),
            ...norm(`blk.${i}.attn_k_norm`, `${from}.self_attn.k_norm`, kvHeads * headSize),
            ...norm(`blk.${i}.post_attention_norm`, `${from}.post_attention_layernorm`, width),
            ...gatedFeedForward(`blk.${i}`, `${from}.mlp`, shape),
            ...norm(`blk.${i}.post_ffw_norm`, `${from}.post_feedforward_layernorm`, width),
          ]
        }),
      ],
    }
  },
}
