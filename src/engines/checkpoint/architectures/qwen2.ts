import type { Architecture } from '../architecture.js'
import { attention, decoderShape, gatedFeedForward, norm } from '../decoder.js'
import { qwenWindow } from '../qwen.js'
import { rmsDecoder } from '../rms-decoder.js'
import { declareRope } from '../rope.js'

/** Qwen 2 and 2.5: Llama with biases on query, key and value. */
export const qwen2: Architecture = {
  names: ['Qwen2ForCausalLM'],
  gguf: 'qwen2',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, shape.headSize),
      window: qwenWindow(config),
      layer: (to, from) => [
        ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, shape.width),
        ...attention(to, `${from}.self_attn`, shape, { bias: true }),
        ...norm(`${to}.ffn_norm`, `${from}.post_attention_layernorm`, shape.width),
        ...gatedFeedForward(to, `${from}.mlp`, shape),
      ],
    })
  },
}
