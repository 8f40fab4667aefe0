import type { Architecture } from '../architecture.js'
import {
  attention,
  decoderMetadata,
  decoderShape,
  eachLayer,
  ends,
  experts,
  norm,
  withinWindow,
} from '../decoder.js'
import { declareRope } from '../rope.js'

/** Mixtral: Mistral with a mixture of experts, `llama` with experts in the library. */
export const mixtral: Architecture = {
  names: ['MixtralForCausalLM'],
  gguf: 'llama',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const { metadata, made, context } = declareRope(config, shape.headSize, { theta: 1e6 })
    const count = config.count('num_local_experts')
    return {
      metadata: {
        ...decoderMetadata(shape, withinWindow(context, config.optionalCount('sliding_window'))),
        ...metadata,
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
        expert_count: { count },
        expert_used_count: { count: config.count('num_experts_per_tok') },
      },
      made,
      tensors: [
        ...ends(config, shape, { tied: false, lastNorm: norm('output_norm', 'model.norm', shape.width) }),
        ...eachLayer(shape.layers, (i) => [
          ...norm(`blk.${i}.attn_norm`, `model.layers.${i}.input_layernorm`, shape.width),
          ...attention(`blk.${i}`, `model.layers.${i}.self_attn`, shape, { pairs: true }),
          ...norm(`blk.${i}.ffn_norm`, `model.layers.${i}.post_attention_layernorm`, shape.width),
          ...experts(`blk.${i}`, `model.layers.${i}.block_sparse_moe`, count, shape, {
            gate: 'w1',
            down: 'w2',
            up: 'w3',
          }),
        ]),
      ],
    }
  },
}
