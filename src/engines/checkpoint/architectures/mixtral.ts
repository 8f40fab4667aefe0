import type { Architecture } from '../architecture.js'
import { attention, decoderShape, expertCounts, experts, norm } from '../decoder.js'
import { rmsDecoder } from '../rms-decoder.js'
import { declareRope } from '../rope.js'

/** Mixtral: Mistral with a mixture of experts, `llama` with experts in the library. */
export const mixtral: Architecture = {
  names: ['MixtralForCausalLM'],
  gguf: 'llama',
  declare(config) {
    config.requireOneOf('hidden_act', ['silu', undefined])
    const shape = decoderShape(config)
    const count = config.count('num_local_experts')
    const names = { gate: 'w1', down: 'w2', up: 'w3' }
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, shape.headSize, { theta: 1e6 }),
      window: config.optionalCount('sliding_window'),
      metadata: expertCounts(config, count),
      layer: (to, from) => [
        ...norm(`${to}.attn_norm`, `${from}.input_layernorm`, shape.width),
        ...attention(to, `${from}.self_attn`, shape, { pairs: true }),
        ...norm(`${to}.ffn_norm`, `${from}.post_attention_layernorm`, shape.width),
        ...experts(to, `${from}.block_sparse_moe`, count, shape, names),
      ],
    })
  },
}
