import type { Architecture } from '../architecture.js'
import { attention, headNorms } from '../decoder.js'
import { aroundNorms, NORM_OFFSET, requireGemmaScale, slidingWindow } from '../gemma.js'
import { rmsDecoder } from '../rms-decoder.js'
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
    const within =
      config.part('rope_parameters')?.part('sliding_attention')?.optionalReal('rope_theta') ??
      config.optionalReal('rope_local_base_freq') ??
      10_000
    const softCap = config.optionalReal('final_logit_softcapping')
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, shape.headSize, { theta: 1e6, kind: 'full_attention' }),
      ...NORM_OFFSET,
      epsilon: config.optionalReal('rms_norm_eps') ?? 1e-6,
      metadata: {
        ...slidingWindow(config, shape.layers, config.optionalCount('sliding_window_pattern') ?? 6),
        'rope.freq_base_swa': { real: within },
        ...(softCap === undefined ? {} : { final_logit_softcapping: { real: softCap } }),
      },
      tied: true,
      layer: (to, from) =>
        aroundNorms(to, from, shape, [
          ...attention(to, `${from}.self_attn`, shape),
          ...headNorms(to, `${from}.self_attn`, [shape.headSize, shape.headSize], NORM_OFFSET),
        ]),
    })
  },
}
