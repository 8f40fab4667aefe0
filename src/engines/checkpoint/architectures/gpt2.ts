import type { Architecture, TensorRule } from '../architecture.js'
import { decoderMetadata, eachLayer, ends, linear, norm, requireWhole } from '../decoder.js'

/** GPT-2: learned positions, matrices stored transposed (`Conv1D`), biases throughout. */
export const gpt2: Architecture = {
  names: ['GPT2LMHeadModel'],
  gguf: 'gpt2',
  // The first checkpoints have the names without it.
  prefix: 'transformer.',
  declare(config) {
    config.requireOneOf('activation_function', ['gelu_new', 'gelu_pytorch_tanh', undefined])
    config.requireOneOf('scale_attn_weights', [true, undefined])
    config.requireOneOf('scale_attn_by_inverse_layer_idx', [false, undefined])
    const width = config.count('n_embd')
    const heads = config.count('n_head')
    const context = config.count('n_positions', 'n_ctx')
    const shape = {
      width,
      heads,
      layers: config.count('n_layer'),
      kvHeads: heads,
      headSize: requireWhole(config, ['n_embd', width], ['n_head', heads]),
      feedForward: config.optionalCount('n_inner') ?? 4 * width,
      vocabulary: config.count('vocab_size'),
    }
    const { feedForward } = shape
    const bias = { bias: true }
    return {
      metadata: {
        ...decoderMetadata(shape, context),
        'attention.layer_norm_epsilon': { real: config.real('layer_norm_epsilon') },
      },
      tensors: [
        ...ends(config, shape, {
          embedding: 'wte',
          tied: true,
          lastNorm: norm('output_norm', 'ln_f', width, bias),
        }),
        ...linear('position_embd', 'wpe', [context, width]),
        ...eachLayer(shape.layers, (i) => [
          ...norm(`blk.${i}.attn_norm`, `h.${i}.ln_1`, width, bias),
          ...transposed(`blk.${i}.attn_qkv`, `h.${i}.attn.c_attn`, [width, 3 * width]),
          ...transposed(`blk.${i}.attn_output`, `h.${i}.attn.c_proj`, [width, width]),
          ...norm(`blk.${i}.ffn_norm`, `h.${i}.ln_2`, width, bias),
          ...transposed(`blk.${i}.ffn_up`, `h.${i}.mlp.c_fc`, [width, feedForward]),
          ...transposed(`blk.${i}.ffn_down`, `h.${i}.mlp.c_proj`, [feedForward, width]),
        ]),
      ],
    }
  },
}

/** A linear map stored as (inputs, outputs), and its bias. */
function transposed(
  to: string,
  from: string,
  [inputs, outputs]: readonly [inputs: number, outputs: number],
): TensorRule[] {
  return [
    {
      to: `${to}.weight`,
      from: [`${from}.weight`],
      shape: [inputs, outputs],
      change: { kind: 'transpose' },
    },
    { to: `${to}.bias`, from: [`${from}.bias`], shape: [outputs] },
  ]
}
