import type { Architecture } from '../architecture.js'
import { attention, decoderShape, gatedFeedForward, norm } from '../decoder.js'
import { rmsDecoder } from '../rms-decoder.js'
import { declareRope } from '../rope.js'

/** Llama 1 to 3, SmolLM, Yi, TinyLlama; Mistral, whose sliding window the library does not have in this family. */
export const llama: Architecture = {
  names: ['LlamaForCausalLM', 'LLaMAForCausalLM', 'MistralForCausalLM'],
  gguf: 'llama',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const bias = config.flag('attention_bias', false)
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, shape.headSize, { tables: 'llama3' }),
      window: config.optionalCount('sliding_window'),
      layer: (to, from) => [
        ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, shape.width),
        ...attention(to, `${from}.self_attn`, shape, { bias, outputBias: bias, pairs: true }),
        ...norm(`${to}.ffn_norm`, `${from}.post_attention_layernorm`, shape.width),
        ...gatedFeedForward(to, `${from}.mlp`, shape, { bias: config.flag('mlp_bias', false) }),
      ],
    })
  },
}
