import { raise } from '../errors.js'
import { refusePointer } from '../stand-ins.js'
import { Cursor } from './cursor.js'
import { ARRAY_TYPE, SCALAR_BYTES, STRING_TYPE, TENSOR_TYPES } from './types.js'

/** A metadata value; of arrays only type and length are kept, since a vocabulary has 10^5 entries. */
export type GgufValue = string | number | boolean | { readonly arrayOf: number; readonly length: number }

export interface GgufTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: string
  /** Π shape. */
  readonly elements: number
  readonly bytes: number
  /** Of its first byte in the file. */
  readonly offset: number
}

/** What a GGUF file says of itself before its weights. */
export interface GgufHeader {
  readonly path: string
  readonly version: number
  readonly fileBytes: number
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: readonly GgufTensor[]
  /** The string arrays that were asked for, by key. */
  readonly strings: ReadonlyMap<string, readonly string[]>
}

const MAX_DIMENSIONS = 4
/** As gguf.cpp: longer strings are refused there too. */
const MAX_STRING_BYTES = 1 << 30
/** A tensor name longer than ggml's own buffer is refused. */
const MAX_NAME_BYTES = 63
const DEFAULT_ALIGNMENT = 32

/**
 * Read and check a GGUF header: magic, version, every metadata entry and tensor description, and that the file
 * is long enough for the tensors it announces. Native code sees a file only after this.
 *
 * @param keep  keys of string arrays whose entries are wanted
 * @throws {AssayError} `engines/not-gguf`, `gguf-version`, `gguf-truncated`, `gguf-damaged`, each with path and offset.
 */
export async function readGgufHeader(path: string, keep: readonly string[] = []): Promise<GgufHeader> {
  const cursor = await Cursor.open(path)
  try {
    return await readHeader(cursor, new Map(keep.map((key) => [key, []])))
  } finally {
    await cursor.close()
  }
}

async function readHeader(cursor: Cursor, strings: Map<string, string[]>): Promise<GgufHeader> {
  const { path, size } = cursor
  if (size === 0) throw raise('not-gguf', 'the file is empty', { path })
  const start = await cursor.take(Math.min(8, size), 'the magic')
  const magic = start.toString('latin1', 0, 4)
  refusePointer(start, path)
  if (magic !== 'GGUF')
    throw raise('not-gguf', `it begins with ${JSON.stringify(magic)}, expected "GGUF"`, {
      path,
      byteOffset: 0,
    })
  if (size < 8) await cursor.take(8, 'the version')
  const version = start.readUInt32LE(4)
  if (version !== 2 && version !== 3) {
    const swapped = version > 0xffff ? ' (the file is big-endian)' : ''
    throw raise('gguf-version', `it says version ${version}${swapped}`, { path, byteOffset: 4 })
  }
  const tensorCount = await readCount(cursor, 'the number of tensors')
  const entryCount = await readCount(cursor, 'the number of metadata entries')

  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < entryCount; i++) {
    const at = cursor.offset
    const key = await readString(cursor, `metadata key ${i + 1} of ${entryCount}`)
    if (key === '' || metadata.has(key))
      throw damaged(cursor, at, key === '' ? 'a metadata key is empty' : `the key "${key}" comes twice`)
    const type = (await cursor.take(4, `the type of "${key}"`)).readUInt32LE()
    metadata.set(key, await readValue(cursor, key, type, strings.get(key)))
  }

  const described: GgufTensor[] = []
  const names = new Set<string>()
  for (let i = 0; i < tensorCount; i++) {
    const at = cursor.offset
    const tensor = await readTensor(cursor, `tensor ${i + 1} of ${tensorCount}`)
    if (names.has(tensor.name)) throw damaged(cursor, at, `the tensor "${tensor.name}" comes twice`)
    names.add(tensor.name)
    described.push(tensor)
  }
  const dataStart = checkExtents(cursor, metadata, described)
  const tensors = described.map((tensor) => ({ ...tensor, offset: dataStart + tensor.offset }))
  return { path, version, fileBytes: size, metadata, tensors, strings }
}

function damaged(cursor: Cursor, byteOffset: number, message: string) {
  return raise('gguf-damaged', message, { path: cursor.path, byteOffset })
}

/** A 64-bit count: more than the rest of the file could hold is damage. */
async function readCount(cursor: Cursor, what: string): Promise<number> {
  const at = cursor.offset
  const count = (await cursor.take(8, what)).readBigUInt64LE()
  if (count > BigInt(cursor.remaining))
    throw damaged(cursor, at, `${what} is ${count}, more than the file could hold`)
  return Number(count)
}

async function readString(cursor: Cursor, what: string): Promise<string> {
  const length = await readCount(cursor, `the length of ${what}`)
  if (length > MAX_STRING_BYTES) throw damaged(cursor, cursor.offset, `${what} has ${length} bytes`)
  return (await cursor.take(length, what)).toString('utf8')
}

async function readValue(
  cursor: Cursor,
  key: string,
  type: number,
  kept: string[] | undefined,
): Promise<GgufValue> {
  if (type === STRING_TYPE) return readString(cursor, `the value of "${key}"`)
  if (type === ARRAY_TYPE) return readArray(cursor, key, kept)
  const width = SCALAR_BYTES.get(type)
  if (width === undefined) throw damaged(cursor, cursor.offset, `"${key}" has the unknown type ${type}`)
  const bytes = await cursor.take(width, `the value of "${key}"`)
  switch (type) {
    case 0:
      return bytes.readUInt8()
    case 1:
      return bytes.readInt8()
    case 2:
      return bytes.readUInt16LE()
    case 3:
      return bytes.readInt16LE()
    case 4:
      return bytes.readUInt32LE()
    case 5:
      return bytes.readInt32LE()
    case 6:
      return bytes.readFloatLE()
    case 7:
      return bytes.readUInt8() !== 0
    case 10:
      return Number(bytes.readBigUInt64LE())
    case 11:
      return Number(bytes.readBigInt64LE())
    default:
      return bytes.readDoubleLE()
  }
}

async function readArray(cursor: Cursor, key: string, kept: string[] | undefined): Promise<GgufValue> {
  const at = cursor.offset
  const arrayOf = (await cursor.take(4, `the element type of "${key}"`)).readUInt32LE()
  const length = await readCount(cursor, `the length of "${key}"`)
  const width = SCALAR_BYTES.get(arrayOf)
  if (width !== undefined) cursor.skip(length * width, `the array "${key}"`)
  else if (arrayOf === STRING_TYPE)
    for (let i = 0; i < length; i++) {
      if (kept !== undefined) kept.push(await readString(cursor, `"${key}"[${i}]`))
      else cursor.skip(await readCount(cursor, `the length of "${key}"[${i}]`), `"${key}"[${i}]`)
    }
  else throw damaged(cursor, at, `"${key}" is an array of the unsupported type ${arrayOf}`)
  return { arrayOf, length }
}

/** With its offset as it stands there: from where the weights begin. */
async function readTensor(cursor: Cursor, what: string): Promise<GgufTensor> {
  const at = cursor.offset
  const name = await readString(cursor, `the name of ${what}`)
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw damaged(cursor, at, `the name of ${what} has more than ${MAX_NAME_BYTES} bytes`)
  const dimensions = (await cursor.take(4, what)).readUInt32LE()
  if (dimensions > MAX_DIMENSIONS) throw damaged(cursor, at, `tensor "${name}" has ${dimensions} dimensions`)
  const shape: number[] = []
  let elements = 1
  for (let i = 0; i < dimensions; i++) {
    const extent = Number((await cursor.take(8, what)).readBigUInt64LE())
    elements *= extent
    if (extent < 1 || !Number.isSafeInteger(elements))
      throw damaged(cursor, at, `tensor "${name}" has an impossible shape`)
    shape.push(extent)
  }
  const typeNumber = (await cursor.take(4, what)).readUInt32LE()
  const type = TENSOR_TYPES.get(typeNumber)
  if (type === undefined) throw damaged(cursor, at, `tensor "${name}" has the unknown type ${typeNumber}`)
  if ((shape[0] ?? 1) % type.block !== 0)
    throw damaged(cursor, at, `the rows of tensor "${name}" are not whole blocks of ${type.name}`)
  const offset = Number((await cursor.take(8, what)).readBigUInt64LE())
  return { name, shape, type: type.name, elements, bytes: (elements / type.block) * type.bytes, offset }
}

/** Tensors lie one after the other, each aligned, all inside the file. Returns where the first begins. */
function checkExtents(
  cursor: Cursor,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensor[],
): number {
  const given = metadata.get('general.alignment')
  const alignment = given === undefined ? DEFAULT_ALIGNMENT : given
  if (typeof alignment !== 'number' || alignment < 1 || (alignment & (alignment - 1)) !== 0)
    throw damaged(cursor, 0, `general.alignment is ${JSON.stringify(alignment)}, expected a power of two`)
  const align = (value: number) => Math.ceil(value / alignment) * alignment
  const dataStart = align(cursor.offset)
  let expected = 0
  for (const { name, offset, bytes } of tensors) {
    if (offset !== expected)
      throw damaged(cursor, cursor.offset, `tensor "${name}" starts at ${offset}, expected ${expected}`)
    expected = align(offset + bytes)
    const missing = dataStart + offset + bytes - cursor.size
    if (missing > 0)
      throw raise(
        'gguf-truncated',
        `tensor "${name}" needs ${missing} more bytes: the file should have at least ${cursor.size + missing}`,
        {
          path: cursor.path,
          byteOffset: cursor.size,
        },
      )
  }
  return dataStart
}

/**
 * BOS and EOS as the file names them, null where it does not: llama.cpp fills in the numbers of another model there.
 */
export function specialTokenIds(header: GgufHeader): {
  readonly bos: number | null
  readonly eos: number | null
} {
  const vocabulary = header.metadata.get('tokenizer.ggml.tokens')
  const size = typeof vocabulary === 'object' ? vocabulary.length : 0
  const token = (key: string): number | null => {
    const id = header.metadata.get(key)
    return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < size ? id : null
  }
  return { bos: token('tokenizer.ggml.bos_token_id'), eos: token('tokenizer.ggml.eos_token_id') }
}
