import type { GgufEntry, GgufTensorPlan } from '../gguf/writer.js'
import { LEAST_CONTEXT } from '../llama-cpp/defaults.js'
import type { Architecture, Declaration, MadeTensor, TensorRule } from './architecture.js'
import type { CheckpointConfig } from './config.js'
import { raise } from './errors.js'
import type { CheckpointFolder } from './folder.js'
import type { StoredTensor } from './safetensors.js'

/** A tensor to be written, and what of. */
export type PlannedTensor = GgufTensorPlan &
  (
    | { readonly stored: readonly StoredTensor[]; readonly rule: TensorRule }
    | { readonly values: MadeTensor['values'] }
  )

/** A checkpoint as the GGUF that it becomes. */
export interface Conversion {
  readonly metadata: ReadonlyMap<string, GgufEntry>
  readonly tensors: readonly PlannedTensor[]
}

/** `general.file_type` by the type of most weights (llama_ftype of llama.h). */
const FILE_TYPE = { F32: 0, F16: 1, BF16: 32 } as const
const BYTES = { F32: 4, F16: 2, BF16: 2 } as const

type Weight = keyof typeof BYTES

/** Tables that the model computes anew; buffers that old checkpoints saved beside the weights. */
const NO_WEIGHTS = /(^|\.)(rotary_emb\.inv_freq|(attn|attention)\.(masked_)?bias)$/
const HEAD = /^(lm_head|embed_out)\.weight$/

/**
 * Hold a checkpoint's tensors against what its architecture declares, and lay out the GGUF.
 *
 * @throws {AssayError} `engines/missing-tensor`, `wrong-shape`, `unexpected-tensor`, `quantised-checkpoint`, and what the
 *   declaration throws
 */
export function planConversion(
  { path, config, tensors }: CheckpointFolder,
  architecture: Architecture,
): Conversion {
  const { metadata, tensors: rules, made = [] } = architecture.declare(config)
  requireContext(config, metadata)
  const left = new Set(tensors.keys())
  const planned = rules.map((rule): PlannedTensor => {
    const stored = rule.from.map((name) => {
      const tensor = tensors.get(name)
      if (tensor === undefined)
        throw raise('missing-tensor', `found ${tensors.size} tensors and no ${JSON.stringify(name)}`, {
          path,
        })
      left.delete(name)
      return checked(tensor, rule)
    })
    return { ...layout(rule, stored), stored, rule }
  })
  // The head of a model whose head is its embedding, and what is computed anew, are left out for good reason.
  const unknown = [...left].filter((name) => !NO_WEIGHTS.test(name) && !HEAD.test(name))
  if (unknown.length > 0)
    throw raise('unexpected-tensor', `found ${JSON.stringify(unknown[0])}${more(unknown.length)}`, { path })
  const all = [
    ...planned,
    ...made.map(({ to, values }): PlannedTensor => {
      return { name: to, shape: [values.length], type: 'F32', bytes: values.byteLength, values }
    }),
  ]
  return {
    metadata: new Map([
      ['general.architecture', { text: architecture.gguf }],
      ['general.file_type', { count: FILE_TYPE[mostOf(all)] }],
      // Text becomes ids by the checkpoint's own tokenizer (tokenizer.ts); the library is given ids.
      ['tokenizer.ggml.model', { text: 'none' }],
      ...Object.entries(metadata).map(([key, entry]): [string, GgufEntry] => [
        `${architecture.gguf}.${key}`,
        entry,
      ]),
    ]),
    tensors: all,
  }
}

/** A model that sees fewer tokens than this at once is none that was trained: the field is to blame. */
function requireContext(config: CheckpointConfig, { context_length }: Declaration['metadata']): void {
  const context = context_length !== undefined && 'count' in context_length ? context_length.count : undefined
  if (context === undefined || context >= LEAST_CONTEXT) return
  const names = ['sliding_window', 'max_position_embeddings', 'n_positions', 'n_ctx']
  const field = names.find((name) => config.optionalCount(name) === context) ?? 'max_position_embeddings'
  throw config.bad(field, context, `${LEAST_CONTEXT} tokens or more`)
}

const more = (count: number): string => (count > 1 ? ` and ${count - 1} more` : '')

function checked(tensor: StoredTensor, rule: TensorRule): StoredTensor {
  const { name, path, shape, dtype } = tensor
  if (!(dtype in BYTES)) throw raise('quantised-checkpoint', `tensor "${name}" is of type ${dtype}`, { path })
  if (shape.length !== rule.shape.length || shape.some((extent, i) => extent !== rule.shape[i]))
    throw raise(
      'wrong-shape',
      `tensor "${name}" has shape [${shape.join(', ')}], expected [${rule.shape.join(', ')}]`,
      { path },
    )
  return tensor
}

function layout(rule: TensorRule, stored: readonly StoredTensor[]): GgufTensorPlan {
  const { change, shape: each } = rule
  const turned = change?.kind === 'transpose' ? each.toReversed() : each
  const shape = (stored.length > 1 ? [stored.length, ...turned] : [...turned]).reverse()
  const type = each.length === 1 || rule.single === true ? 'F32' : commonType(stored)
  return { name: rule.to, shape, type, bytes: shape.reduce((n, extent) => n * extent, BYTES[type]) }
}

/** Types of matrices are kept. Stacked ones have one type. */
function commonType(stored: readonly StoredTensor[]): Weight {
  const [first, ...others] = stored
  const other = others.find(({ dtype }) => dtype !== first!.dtype)
  if (other !== undefined)
    throw raise('unexpected-tensor', `"${other.name}" is ${other.dtype}, "${first!.name}" ${first!.dtype}`, {
      path: other.path,
    })
  return first!.dtype as Weight
}

function mostOf(tensors: readonly GgufTensorPlan[]): Weight {
  const bytes = (type: Weight) =>
    tensors.reduce((sum, tensor) => (tensor.type === type ? sum + tensor.bytes / BYTES[type] : sum), 0)
  return (['F32', 'F16', 'BF16'] as const).reduce((most, type) => (bytes(type) > bytes(most) ? type : most))
}
