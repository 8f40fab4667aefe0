import type { Architecture, Change } from '../architecture.js'
import { decoderMetadata, decoderShape, eachLayer, ends, linear, norm } from '../decoder.js'
import { declareRope, rotatedDimensions } from '../rope.js'

/** From head by head (query, key, value of a head together) to all queries, all keys, all values. */
function byPart(heads: number, headSize: number): Change {
  const part = heads * headSize
  const order = Int32Array.from({ length: 3 * part }, (_, row) => {
    const within = row % part
    const head = Math.floor(within / headSize)
    return (head * 3 + Math.floor(row / part)) * headSize + (within % headSize)
  })
  return { kind: 'rows', order }
}

/** GPT-NeoX and Pythia: parallel residuals, layer norms and biases throughout, part of a head rotated. */
export const gptNeox: Architecture = {
  names: ['GPTNeoXForCausalLM'],
  gguf: 'gptneox',
  declare(config) {
    config.requireOneOf('hidden_act', ['gelu', 'gelu_new', 'gelu_fast', undefined])
    config.requireOneOf('attention_bias', [true, undefined])
    const all = decoderShape(config)
    const shape = { ...all, kvHeads: all.heads }
    const { width, feedForward, heads, headSize } = shape
    const { metadata, made, context } = declareRope(config, rotatedDimensions(config, headSize, 0.25))
    const bias = { bias: true }
    return {
      metadata: {
        ...decoderMetadata(shape, context),
        ...metadata,
        'attention.layer_norm_epsilon': { real: config.real('layer_norm_eps') },
        use_parallel_residual: { flag: config.flag('use_parallel_residual', true) },
      },
      made,
      tensors: [
        ...ends(config, shape, {
          embedding: 'gpt_neox.embed_in',
          head: 'embed_out',
          tied: false,
          ownHead: true,
          lastNorm: norm('output_norm', 'gpt_neox.final_layer_norm', width, bias),
        }),
        ...eachLayer(shape.layers, (i) => {
          const from = `gpt_neox.layers.${i}`
          return [
            ...norm(`blk.${i}.attn_norm`, `${from}.input_layernorm`, width, bias),
            ...linear(`blk.${i}.attn_qkv`, `${from}.attention.query_key_value`, [3 * width, width], {
              bias: true,
              change: byPart(heads, headSize),
            }),
            ...linear(`blk.${i}.attn_output`, `${from}.attention.dense`, [width, width], bias),
            ...norm(`blk.${i}.ffn_norm`, `${from}.post_attention_layernorm`, width, bias),
            ...linear(`blk.${i}.ffn_up`, `${from}.mlp.dense_h_to_4h`, [feedForward, width], bias),
            ...linear(`blk.${i}.ffn_down`, `${from}.mlp.dense_4h_to_h`, [width, feedForward], bias),
          ]
        }),
      ],
    }
  },
}
