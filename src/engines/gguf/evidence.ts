import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { ModelEvidence } from '../../core/index.js'
import { raise } from '../errors.js'
import type { GgufHeader, GgufValue } from './header.js'
import { FILE_TYPES } from './types.js'

function text(header: GgufHeader, key: string): string | undefined {
  const value = header.metadata.get(key)
  return typeof value === 'string' ? value : undefined
}

function count(header: GgufHeader, key: string): number | undefined {
  const value: GgufValue | undefined = header.metadata.get(key)
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** A model file tells everything about its model. */
export type GgufModel = Required<ModelEvidence>

/** A number that a language model cannot do without. */
function required(header: GgufHeader, key: string): number {
  const value = count(header, key)
  if (value === undefined)
    throw raise(
      'unsupported-model',
      `found ${JSON.stringify(header.metadata.get(key) ?? null)}, expected a whole number above 0`,
      {
        path: header.path,
        field: key,
      },
    )
  return value
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Type name that the file states, else the type of most weights. */
function quantizationOf(header: GgufHeader): string {
  const stated = header.metadata.get('general.file_type')
  const name = typeof stated === 'number' ? FILE_TYPES.get(stated) : undefined
  if (name !== undefined) return name
  const weights = new Map<string, number>()
  for (const tensor of header.tensors)
    weights.set(tensor.type, (weights.get(tensor.type) ?? 0) + tensor.elements)
  return [...weights].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown'
}

/**
 * Parameters that a token's matrix products touch: all, less an input embedding that is not also the output
 * head, less the experts that are not chosen.
 */
function activeParameters(header: GgufHeader, architecture: string): number {
  const experts = count(header, `${architecture}.expert_count`)
  const used = count(header, `${architecture}.expert_used_count`)
  const share = experts !== undefined && used !== undefined ? Math.min(1, used / experts) : 1
  const tied = !header.tensors.some((tensor) => tensor.name === 'output.weight')
  let active = 0
  for (const { name, elements } of header.tensors) {
    if (name === 'token_embd.weight' && !tied) continue
    active += /_exps\./.test(name) ? elements * share : elements
  }
  return Math.round(active)
}

/**
 * What the header says about the model; the hash is of the whole file.
 *
 * @throws {AssayError} `engines/unsupported-model` when a field is missing that scoring needs.
 */
export function describeModel(header: GgufHeader, sha256: string): GgufModel {
  const architecture = text(header, 'general.architecture')
  if (architecture === undefined)
    throw raise('unsupported-model', 'the file does not say what architecture it is', {
      path: header.path,
      field: 'general.architecture',
    })
  const tokens = header.metadata.get('tokenizer.ggml.tokens')
  // A converted checkpoint has its tokenizer elsewhere and tells its size alone.
  const vocabularySize =
    typeof tokens === 'object' ? tokens.length : (count(header, `${architecture}.vocab_size`) ?? 0)
  if (vocabularySize < 1)
    throw raise('unsupported-model', 'the file has no vocabulary', {
      path: header.path,
      field: 'tokenizer.ggml.tokens',
    })
  const pre = text(header, 'tokenizer.ggml.pre')
  const kind = text(header, 'tokenizer.ggml.model') ?? 'unknown'
  return {
    name: text(header, 'general.name') ?? basename(header.path).replace(/\.gguf$/i, ''),
    kind: 'GGUF file',
    architecture,
    params: header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    activeParams: activeParameters(header, architecture),
    contextLength: required(header, `${architecture}.context_length`),
    vocabularySize,
    tokenizer: pre === undefined ? kind : `${kind}/${pre}`,
    fileBytes: header.fileBytes,
    sha256,
    quantization: quantizationOf(header),
    embeddingLength: required(header, `${architecture}.embedding_length`),
    layers: required(header, `${architecture}.block_count`),
    chatTemplate: header.metadata.has('tokenizer.chat_template'),
  }
}
