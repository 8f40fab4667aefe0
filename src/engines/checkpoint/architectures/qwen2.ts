import type { Architecture } from '../architecture.js'
import {
  attention,
  decoderMetadata,
  decoderShape,
  eachLayer,
  ends,
  gatedFeedForward,
  norm,
  withinWindow,
} from '../decoder.js'
import { declareRope } from '../rope.js'

/** Qwen 2 and 2.5: Llama with biases on query, key and value. */
export const qwen2: Architecture = {
  names: ['Qwen2ForCausalLM'],
  gguf: 'qwen2',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const { metadata, made, context } = declareRope(config, shape.headSize)
    const window = config.flag('use_sliding_window', false)
      ? config.optionalCount('sliding_window')
      : undefined
    return {
      metadata: {
        ...decoderMetadata(shape, withinWindow(context, window)),
        ...metadata,
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
      },
      made,
      tensors: [
        ...ends(config, shape, { tied: false, lastNorm: norm('output_norm', 'model.norm', shape.width) }),
        ...eachLayer(shape.layers, (i) => [
          ...norm(`blk.${i}.attn_norm`, `model.layers.${i}.input_layernorm`, shape.width),
          ...attention(`blk.${i}`, `model.layers.${i}.self_attn`, shape, { bias: true }),
          ...norm(`blk.${i}.ffn_norm`, `model.layers.${i}.post_attention_layernorm`, shape.width),
          ...gatedFeedForward(`blk.${i}`, `model.layers.${i}.mlp`, shape),
        ]),
      ],
    }
  },
}
