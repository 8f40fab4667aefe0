import type { Architecture } from '../architecture.js'
import {
  attention,
  decoderMetadata,
  decoderShape,
  eachLayer,
  ends,
  gatedFeedForward,
  norm,
} from '../decoder.js'
import { requireGemmaScale, slidingWindow } from '../gemma.js'
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
    const { metadata, made, context } = declareRope(config, shape.headSize)
    const plusOne = { plus: 1 }
    return {
      metadata: {
        ...decoderMetadata(shape, context),
        ...metadata,
        ...slidingWindow(config, shape.layers, 2),
        'attention.layer_norm_rms_epsilon': { real: config.real('rms_norm_eps') },
        attn_logit_softcapping: { real: config.real('attn_logit_softcapping') },
        final_logit_softcapping: { real: config.real('final_logit_softcapping') },
      },
      made,
      tensors: [
        ...ends(config, shape, {
          tied: true,
          lastNorm: norm('output_norm', 'model.norm', shape.width, plusOne),
        }),
        ...eachLayer(shape.layers, (i) => [
          ...norm(`blk.${i}.attn_norm`, `model.layers.${i}.input_layernorm`, shape.width, plusOne),
          ...attention(`blk.${i}`, `model.layers.${i}.self_attn`, shape),
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
