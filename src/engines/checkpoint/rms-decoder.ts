import type { GgufEntry } from '../gguf/writer.js'
import type { Declaration, TensorRule } from './architecture.js'
import type { CheckpointConfig } from './config.js'
import { type DecoderShape, decoderMetadata, eachLayer, ends, norm, withinWindow } from './decoder.js'
import type { RopeDeclaration } from './rope.js'

/** What a decoder with RMS norms says beside the frame that all of them share. */
interface RmsDecoder {
  readonly shape: DecoderShape
  readonly rope: RopeDeclaration
  /** A sliding window that the library does not have in this architecture: the context is cut to it. */
  readonly window?: number | undefined
  /** Added to every norm, where the checkpoint stores its distance from one. */
  readonly plus?: number
  readonly epsilon?: number
  readonly metadata?: Readonly<Record<string, GgufEntry>>
  /** Whether the head is the embedding where config.json is silent. */
  readonly tied?: boolean
  /** Whether the library needs a head of its own in any case. */
  readonly ownHead?: boolean
  /** The rules of a layer by its names in the GGUF and in the checkpoint. */
  layer(to: string, from: string): readonly TensorRule[]
}

/** A decoder with RMS norms under the names of transformers: embedding, layers, last norm, head. */
export function rmsDecoder(
  config: CheckpointConfig,
  { shape, rope, window, plus, epsilon, metadata, tied = false, ownHead = false, layer }: RmsDecoder,
): Declaration {
  return {
    metadata: {
      ...decoderMetadata(shape, withinWindow(rope.context, window)),
      ...rope.metadata,
      ...metadata,
      'attention.layer_norm_rms_epsilon': { real: epsilon ?? config.real('rms_norm_eps') },
    },
    made: rope.made,
    tensors: [
      ...ends(config, shape, {
        tied,
        ownHead,
        lastNorm: norm('output_norm', 'model.norm', shape.width, plus === undefined ? {} : { plus }),
      }),
      ...eachLayer(shape.layers, (i) => layer(`blk.${i}`, `model.layers.${i}`)),
    ],
  }
}
