import type { Architecture } from '../architecture.js'
import { attention, decoderShape } from '../decoder.js'
import { aroundNorms, NORM_OFFSET, requireGemmaScale, slidingWindow } from '../gemma.js'
import { rmsDecoder } from '../rms-decoder.js'
import { declareRope } from '../rope.js'

/** Gemma 2: norms stored as their distance from one, four a layer, soft-capped logits, a sliding window every other layer. */
export const gemma2: Architecture = {
  names: ['Gemma2ForCausalLM'],
  gguf: 'gemma2',
  declare(config) {
    config.requireOneOf('hidden_activation', ['gelu_pytorch_tanh', null, undefined])
    config.requireOneOf('attention_bias', [false, undefined])
    const shape = decoderShape(config)
    requireGemmaScale(config, shape, 46)
    return rmsDecoder(config, {
      shape,
      rope: declareRope(config, shape.headSize),
      ...NORM_OFFSET,
      metadata: {
        ...slidingWindow(config, shape.layers, 2),
        attn_logit_softcapping: { real: config.real('attn_logit_softcapping') },
        final_logit_softcapping: { real: config.real('final_logit_softcapping') },
      },
      tied: true,
      layer: (to, from) => aroundNorms(to, from, shape, attention(to, `${from}.self_attn`, shape)),
    })
  },
}
