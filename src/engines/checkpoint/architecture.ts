import type { GgufEntry } from '../gguf/writer.js'
import type { CheckpointConfig } from './config.js'

/** What happens to a stored matrix, shape (rows, columns), on its way. */
export type Change =
  /** Row r of the result is row `order[r]` of the stored tensor; of a vector, the element. */
  | { readonly kind: 'rows'; readonly order: Int32Array }
  | { readonly kind: 'transpose' }
  /** Added to every element. */
  | { readonly kind: 'plus'; readonly value: number }

/** A tensor of the GGUF, and where it comes from. */
export interface TensorRule {
  /** Its name in the GGUF. */
  readonly to: string
  /** Names in the checkpoint; several are stacked along a new slowest dimension. */
  readonly from: readonly string[]
  /** Of each stored tensor, slowest dimension first. */
  readonly shape: readonly number[]
  readonly change?: Change
  /** Written as F32 whatever is stored: vectors, and what is multiplied element by element. */
  readonly single?: boolean
}

/** A tensor that no checkpoint holds: computed from config.json. */
export interface MadeTensor {
  readonly to: string
  readonly values: Float32Array
}

/** A checkpoint of this config as a GGUF. */
export interface Declaration {
  /** Keys without the architecture's name in front. */
  readonly metadata: Readonly<Record<string, GgufEntry>>
  readonly tensors: readonly TensorRule[]
  readonly made?: readonly MadeTensor[]
}

/** One family of models: how its checkpoints are laid out, and how llama.cpp wants them. */
export interface Architecture {
  /** Entries of config.json's `architectures`. */
  readonly names: readonly string[]
  /** llama.cpp's name. */
  readonly gguf: string
  /** In front of some checkpoints' names, and left out in the rules. */
  readonly prefix?: string
  /** @throws {AssayError} `engines/bad-checkpoint-config`, `engines/unsupported-checkpoint` */
  declare(config: CheckpointConfig): Declaration
}
