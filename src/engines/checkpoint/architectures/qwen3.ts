import type { Architecture } from '../architecture.js'
import { attention, decoderShape, gatedFeedForward, headNorms, norm } from '../decoder.js'
import { qwenWindow } from '../qwen.js'
import { rmsDecoder } from '../rms-decoder.js'
import { declareRope } from '../rope.js'

/** Qwen 3: no biases, a norm on every query and key head. */
export const qwen3: Architecture = {
  names: ['Qwen3ForCausalLM'],
  gguf: 'qwen3',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    config.requireOneOf('attention_bias', [false, undefined])
    const shape = decoderShape(config)
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, shape.headSize),
      window: qwenWindow(config),
      layer: (to, from) => [
        ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, shape.width),
        ...attention(to, `${from}.self_attn`, shape),
        ...headNorms(to, `${from}.self_attn`, [shape.headSize, shape.headSize]),
        ...norm(`${to}.ffn_norm`, `${from}.post_attention_layernorm`, shape.width),
        ...gatedFeedForward(to, `${from}.mlp`, shape),
      ],
    })
  },
}
