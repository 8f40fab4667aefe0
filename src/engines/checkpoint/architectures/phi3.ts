import type { Architecture } from '../architecture.js'
import { decoderMetadata, decoderShape, eachLayer, ends, linear, norm, withinWindow } from '../decoder.js'
import { declareRope, rotatedDimensions } from '../rope.js'

/** Phi-3, Phi-3.5 and Phi-4: query, key and value in one matrix, gate and up in another; LongRoPE. */
export const phi3: Architecture = {
  names: ['Phi3ForCausalLM'],
  gguf: 'phi3',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const { width, feedForward, heads, kvHeads, headSize } = shape
    const { metadata, made, context } = declareRope(config, rotatedDimensions(config, headSize, 1), {
      tables: 'longrope',
    })
    return {
      metadata: {
        ...decoderMetadata(shape, withinWindow(context, config.optionalCount('sliding_window'))),
        ...metadata,
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
      },
      made,
      tensors: [
        ...ends(config, shape, { tied: false, lastNorm: norm('output_norm', 'model.norm', width) }),
        ...eachLayer(shape.layers, (i) => {
          const from = `model.layers.${i}`
          return [
            ...norm(`blk.${i}.attn_norm`, `${from}.input_layernorm`, width),
            ...linear(`blk.${i}.attn_qkv`, `${from}.self_attn.qkv_proj`, [
              (heads + 2 * kvHeads) * headSize,
              width,
            ]),
            ...linear(`blk.${i}.attn_output`, `${from}.self_attn.o_proj`, [width, heads * headSize]),
            ...norm(`blk.${i}.ffn_norm`, `${from}.post_attention_layernorm`, width),
            ...linear(`blk.${i}.ffn_up`, `${from}.mlp.gate_up_proj`, [2 * feedForward, width]),
            ...linear(`blk.${i}.ffn_down`, `${from}.mlp.down_proj`, [width, feedForward]),
          ]
        }),
      ],
    }
  },
}
