import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { messageOf } from '../../core/errors.js'
import { absence, refusePointer } from '../stand-ins.js'
import { raise } from './errors.js'

/** A tensor as a safetensors file holds it: C order, `shape` slowest dimension first. */
export interface StoredTensor {
  readonly name: string
  readonly path: string
  /** `F32`, `BF16`, `F16`, or what is not read (`I8`, `F8_E4M3`…). */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Of its first byte in the file. */
  readonly offset: number
  readonly bytes: number
}

/** As the format's own reader: a longer header is refused. */
const MOST_HEADER_BYTES = 100_000_000

/** Bits of an element; a type that is not listed has its extent taken as it stands. */
const BITS: Readonly<Record<string, number>> = {
  F64: 64,
  I64: 64,
  U64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  BF16: 16,
  F16: 16,
  I16: 16,
  U16: 16,
  I8: 8,
  U8: 8,
  BOOL: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
}

/**
 * Tensors of a safetensors file: u64 length of a JSON header, the header (name → dtype, shape, data_offsets), the data.
 * The file is not trusted: every extent lies inside it and is what shape and type make of it.
 *
 * @throws {AssayError} `engines/bad-safetensors` with path and offset
 *
 * Source: the format's specification, github.com/huggingface/safetensors, README.
 */
export async function readSafetensors(path: string): Promise<StoredTensor[]> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (!existsSync(path)) throw raise('missing-shard', absence(path), { path }, error)
    throw raise('bad-safetensors', messageOf(error), { path }, error)
  }
  try {
    const { size } = await file.stat()
    if (size < 8) throw raise('bad-safetensors', `it has ${size} bytes, less than a header`, { path })
    const first = await take(file, path, 0, 8)
    refusePointer(first, path)
    const length = Number(first.readBigUInt64LE())
    if (length > MOST_HEADER_BYTES || length > size - 8)
      throw raise('bad-safetensors', `its header would have ${length} bytes, the file has ${size}`, {
        path,
        byteOffset: 0,
      })
    const header = parse(await take(file, path, 8, length), path)
    const start = 8 + length
    const tensors = Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, entry]) => tensorOf(name, entry, { path, start, size }))
    requireCovered(tensors, { path, start, size })
    return tensors
  } finally {
    await file.close()
  }
}

/** Exactly `length` bytes from `offset`. */
export async function take(
  file: FileHandle,
  path: string,
  offset: number,
  length: number,
  into: Buffer = Buffer.allocUnsafe(length),
): Promise<Buffer> {
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(into, done, length - done, offset + done)
    if (bytesRead === 0)
      throw raise('bad-safetensors', `the file ends ${length - done} bytes too early`, {
        path,
        byteOffset: offset + done,
      })
    done += bytesRead
  }
  return into.subarray(0, length)
}

function parse(bytes: Buffer, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
    throw new SyntaxError('it is no object')
  } catch (error) {
    throw raise(
      'bad-safetensors',
      `its header is no JSON (${messageOf(error)})`,
      { path, byteOffset: 8 },
      error,
    )
  }
}

/** A file, and where in it the data begin. */
interface Extent {
  readonly path: string
  readonly start: number
  readonly size: number
}

/** Every byte of the data belongs to one tensor, as the format has it: else an extent is not where the writer put it. */
function requireCovered(tensors: readonly StoredTensor[], { path, start, size }: Extent): void {
  let end = start
  let before = ''
  const bad = (what: string) => raise('bad-safetensors', what, { path, byteOffset: end })
  for (const { name, offset, bytes } of tensors.toSorted(
    (a, b) => a.offset - b.offset || a.bytes - b.bytes,
  )) {
    if (offset < end) throw bad(`tensors "${before}" and "${name}" overlap by ${end - offset} bytes`)
    if (offset > end) throw bad(`the ${offset - end} bytes before tensor "${name}" belong to none`)
    end = offset + bytes
    before = name
  }
  if (end !== size) throw bad(`the last ${size - end} bytes belong to no tensor`)
}

function tensorOf(name: string, entry: unknown, { path, start, size }: Extent): StoredTensor {
  const { dtype, shape, data_offsets: extent } = (entry ?? {}) as Record<string, unknown>
  const bad = (what: string) => raise('bad-safetensors', `tensor "${name}": ${what}`, { path })
  if (typeof dtype !== 'string') throw bad('it has no dtype')
  if (!isCounts(shape)) throw bad(`its shape is ${JSON.stringify(shape)}`)
  if (!isCounts(extent) || extent.length !== 2) throw bad(`its data_offsets are ${JSON.stringify(extent)}`)
  const [from, to] = extent as readonly [number, number]
  if (to < from || start + to > size)
    throw bad(`it lies at ${from} to ${to}, the file has ${size - start} bytes of data`)
  const expected = (shape.reduce((product, n) => product * n, 1) * (BITS[dtype] ?? 0)) / 8
  if (expected !== 0 && expected !== to - from)
    throw bad(`it has ${to - from} bytes, ${JSON.stringify(shape)} of ${dtype} has ${expected}`)
  return { name, path, dtype, shape, offset: start + from, bytes: to - from }
}

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
