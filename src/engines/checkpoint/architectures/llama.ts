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

/** Llama 1 to 3, SmolLM, Yi, TinyLlama; Mistral, whose sliding window the library does not have in this family. */
export const llama: Architecture = {
  names: ['LlamaForCausalLM', 'LLaMAForCausalLM', 'MistralForCausalLM'],
  gguf: 'llama',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const { metadata, made, context } = declareRope(config, shape.headSize, { tables: 'llama3' })
    const bias = config.flag('attention_bias', false)
    return {
      metadata: {
        ...decoderMetadata(shape, withinWindow(context, config.optionalCount('sliding_window'))),
        ...metadata,
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
      },
      made,
      tensors: [
        ...ends(config, shape, { tied: false, lastNorm: norm('output_norm', 'model.norm', shape.width) }),
        ...eachLayer(shape.layers, (i) => [
          ...norm(`blk.${i}.attn_norm`, `model.layers.${i}.input_layernorm`, shape.width),
          ...attention(`blk.${i}`, `model.layers.${i}.self_attn`, shape, {
            bias,
            outputBias: bias,
            pairs: true,
          }),
          ...norm(`blk.${i}.ffn_norm`, `model.layers.${i}.post_attention_layernorm`, shape.width),
          ...gatedFeedForward(`blk.${i}`, `model.layers.${i}.mlp`, shape, {
            bias: config.flag('mlp_bias', false),
          }),
        ]),
      ],
    }
  },
}
