import { ARRAY_TYPE, STRING_TYPE, TENSOR_TYPES } from './types.js'

/** A metadata value with the type that it is written as. */
export type GgufEntry =
  | { readonly text: string }
  | { readonly count: number }
  | { readonly real: number }
  | { readonly flag: boolean }
  | { readonly flags: readonly boolean[] }

/** A tensor to be written; `shape` fastest dimension first, as GGUF has it. */
export interface GgufTensorPlan {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: 'F32' | 'F16' | 'BF16'
  readonly bytes: number
}

const VERSION = 3
const ALIGNMENT = 32
const COUNT_TYPE = 4
const REAL_TYPE = 6
const FLAG_TYPE = 7

/** Bytes to the next multiple of GGUF's alignment. */
export const padding = (bytes: number): number => (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT

/**
 * Everything of a GGUF file (version 3, little-endian) before its weights, padded. The tensors follow in their order, each
 * padded by {@link padding}.
 */
export function encodeGgufHeader(
  metadata: ReadonlyMap<string, GgufEntry>,
  tensors: readonly GgufTensorPlan[],
): Buffer {
  const parts = [Buffer.from('GGUF'), u32(VERSION), u64(tensors.length), u64(metadata.size)]
  for (const [key, entry] of metadata) parts.push(text(key), ...value(entry))
  let offset = 0
  for (const { name, shape, type, bytes } of tensors) {
    parts.push(text(name), u32(shape.length), ...shape.map(u64), u32(typeNumber(type)), u64(offset))
    offset += bytes + padding(bytes)
  }
  const header = Buffer.concat(parts)
  return Buffer.concat([header, Buffer.alloc(padding(header.length))])
}

function value(entry: GgufEntry): Buffer[] {
  if ('text' in entry) return [u32(STRING_TYPE), text(entry.text)]
  if ('count' in entry) return [u32(COUNT_TYPE), u32(entry.count)]
  if ('flag' in entry) return [u32(FLAG_TYPE), Buffer.of(Number(entry.flag))]
  if ('flags' in entry)
    return [u32(ARRAY_TYPE), u32(FLAG_TYPE), u64(entry.flags.length), Buffer.from(entry.flags.map(Number))]
  const real = Buffer.alloc(4)
  real.writeFloatLE(entry.real)
  return [u32(REAL_TYPE), real]
}

function typeNumber(name: GgufTensorPlan['type']): number {
  for (const [id, type] of TENSOR_TYPES) if (type.name === name) return id
  throw new TypeError(`GGUF has no tensor type ${name}`)
}

function u32(count: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(count)
  return buffer
}

function u64(count: number): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(count))
  return buffer
}

function text(string: string): Buffer {
  const bytes = Buffer.from(string)
  return Buffer.concat([u64(bytes.length), bytes])
}
