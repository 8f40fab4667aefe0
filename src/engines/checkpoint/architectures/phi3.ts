import type { Architecture } from '../architecture.js'
import { decoderShape, linear, norm } from '../decoder.js'
import { rmsDecoder } from '../rms-decoder.js'
import { declareRope, rotatedDimensions } from '../rope.js'

/** Phi-3, Phi-3.5 and Phi-4: query, key and value in one matrix, gate and up in another; LongRoPE. */
export const phi3: Architecture = {
  names: ['Phi3ForCausalLM'],
  gguf: 'phi3',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const { width, feedForward, heads, kvHeads, headSize } = shape
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, rotatedDimensions(config, headSize, 1), { tables: 'longrope' }),
      window: config.optionalCount('sliding_window'),
      layer: (to, from) => [
        ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, width),
        ...linear(`${to}.attn_qkv`, `${from}.self_attn.qkv_proj`, [(heads + 2 * kvHeads) * headSize, width]),
        ...linear(`${to}.attn_output`, `${from}.self_attn.o_proj`, [width, heads * headSize]),
        ...norm(`${to}.ffn_norm`, `${from}.post_attention_layernorm`, width),
        ...linear(`${to}.ffn_up`, `${from}.mlp.gate_up_proj`, [2 * feedForward, width]),
        ...linear(`${to}.ffn_down`, `${from}.mlp.down_proj`, [width, feedForward]),
      ],
    })
  },
}
