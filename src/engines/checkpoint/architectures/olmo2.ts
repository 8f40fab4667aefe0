import type { Architecture } from '../architecture.js'
import { attention, decoderShape, gatedFeedForward, headNorms, norm } from '../decoder.js'
import { rmsDecoder } from '../rms-decoder.js'
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
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, headSize),
      ownHead: true,
      layer: (to, from) => [
        ...attention(to, `${from}.self_attn`, shape),
        ...headNorms(to, `${from}.self_attn`, [heads * headSize, kvHeads * headSize]),
        ...norm(`${to}.post_attention_norm`, `${from}.post_attention_layernorm`, width),
        ...gatedFeedForward(to, `${from}.mlp`, shape),
        ...norm(`${to}.post_ffw_norm`, `${from}.post_feedforward_layernorm`, width),
      ],
    })
  },
}
