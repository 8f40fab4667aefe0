import type { Architecture } from '../architecture.js'
import { attention, decoderMetadata, eachLayer, ends, gatedFeedForward, norm } from '../decoder.js'
import { requireGemmaScale, slidingWindow } from '../gemma.js'
import { declareRope } from '../rope.js'

/**
 * Gemma 3 (text): Gemma 2 with norms on query and key heads instead of soft caps, and rotary positions of their own in
 * the layers with a sliding window.
 */
export const gemma3: Architecture = {
  names: ['Gemma3ForCausalLM'],
  gguf: 'gemma3',
  declare(config) {
    config.requireOneOf('hidden_activation', ['gelu_pytorch_tanh', null, undefined])
    config.requireOneOf('attention_bias', [false, undefined])
    config.requireOneOf('attn_logit_softcapping', [null, undefined])
    // What the first config files leave out, by the class's defaults.
    const shape = {
      width: config.count('hidden_size'),
      layers: config.count('num_hidden_layers'),
      heads: config.optionalCount('num_attention_heads') ?? 8,
      kvHeads: config.optionalCount('num_key_value_heads') ?? 4,
      headSize: config.optionalCount('head_dim') ?? 256,
      feedForward: config.count('intermediate_size'),
      vocabulary: config.optionalCount('vocab_size') ?? 262_208,
    }
    requireGemmaScale(config, shape, 62)
    const everywhere = declareRope(config, shape.headSize, { theta: 1e6, kind: 'full_attention' })
    const within =
      config.part('rope_parameters')?.part('sliding_attention')?.optionalReal('rope_theta') ??
      config.optionalReal('rope_local_base_freq') ??
      10_000
    const softCap = config.optionalReal('final_logit_softcapping')
    const plusOne = { plus: 1 }
    return {
      metadata: {
        ...decoderMetadata(shape, everywhere.context),
        ...everywhere.metadata,
        ...slidingWindow(config, shape.layers, config.optionalCount('sliding_window_pattern') ?? 6),
        'rope.freq_base_swa': { real: within },
        'attention.layer_norm_rms_epsilon': { real: config.optionalReal('rms_norm_eps') ?? 1e-6 },
        ...(softCap === undefined ? {} : { final_logit_softcapping: { real: softCap } }),
      },
      made: everywhere.made,
      tensors: [
        ...ends(config, shape, {
          tied: true,
          lastNorm: norm('output_norm', 'model.norm', shape.width, plusOne),
        }),
        ...eachLayer(shape.layers, (i) => [
          ...norm(`blk.${i}.attn_norm`, `model.layers.${i}.input_layernorm`, shape.width, plusOne),
          ...attention(`blk.${i}`, `model.layers.${i}.self_attn`, shape),
          ...norm(`blk.${i}.attn_q_norm`, `model.layers.${i}.self_attn.q_norm`, shape.headSize, plusOne),
          ...norm(`blk.${i}.attn_k_norm`, `model.layers.${i}.self_attn.k_norm`, shape.headSize, plusOne),
          ...norm(
            `blk.${i}.post_attention_norm`,
            `model.layers.${i}.post_attention_layernorm`,
            shape.width,
            plusOne,
          ),
          ...norm(`blk.${i}.ffn_norm`, `model.layers.${i}.pre_feedforward_layernorm`, shape.width, plusOne),
          ...gatedFeedForward(`blk.${i}`, `model.layers.${i}.mlp`, shape),
          ...norm(
            `blk.${i}.post_ffw_norm`,
            `model.layers.${i}.post_feedforward_layernorm`,
            shape.width,
            plusOne,
          ),
        ]),
      ],
    }
  },
}
