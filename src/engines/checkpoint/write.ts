import { type FileHandle, open } from 'node:fs/promises'
import { encodeGgufHeader, padding } from '../gguf/writer.js'
import type { Change } from './architecture.js'
import type { Conversion, PlannedTensor } from './conversion.js'
import { halfToSingle } from './half.js'
import { type StoredTensor, take } from './safetensors.js'

const CHUNK_BYTES = 8 << 20

/** How far a conversion has come, and whether it should go on. */
export interface ConversionIo {
  onProgress(done: number, total: number): void
  /** @throws to end it */
  check(): void
}

/**
 * Write a checkpoint as a GGUF, tensor by tensor: what is kept as it is streams through, of the rest one tensor is in
 * memory at a time.
 *
 * @returns bytes written
 */
export async function writeGguf(
  conversion: Conversion,
  target: FileHandle,
  io: ConversionIo,
): Promise<number> {
  const header = encodeGgufHeader(conversion.metadata, conversion.tensors)
  const total = conversion.tensors.reduce((sum, { bytes }) => sum + bytes + padding(bytes), header.length)
  let at = 0
  const write = async (bytes: Uint8Array): Promise<void> => {
    io.check()
    let done = 0
    while (done < bytes.length)
      done += (await target.write(bytes, done, bytes.length - done, at + done)).bytesWritten
    at += bytes.length
    io.onProgress(at, total)
  }
  await write(header)
  for (const tensor of conversion.tensors) {
    for await (const chunk of contents(tensor)) await write(chunk)
    await write(Buffer.alloc(padding(tensor.bytes)))
  }
  return at
}

async function* contents(tensor: PlannedTensor): AsyncGenerator<Uint8Array> {
  if ('values' in tensor) {
    yield new Uint8Array(tensor.values.buffer, tensor.values.byteOffset, tensor.values.byteLength)
    return
  }
  const { change } = tensor.rule
  for (const stored of tensor.stored) {
    const file = await open(stored.path, 'r')
    try {
      if (change === undefined && stored.dtype === tensor.type) yield* copied(file, stored)
      else {
        const whole = await take(file, stored.path, stored.offset, stored.bytes, freshBuffer(stored.bytes))
        for (const chunk of changed(whole, stored, change))
          yield stored.dtype === tensor.type && change?.kind !== 'plus'
            ? chunk
            : toSingle(chunk, stored.dtype, change)
      }
    } finally {
      await file.close()
    }
  }
}

/** One that starts where its memory starts, so that it can be seen as numbers. */
const freshBuffer = (bytes: number): Buffer => Buffer.from(new ArrayBuffer(bytes))

async function* copied(file: FileHandle, { path, offset, bytes }: StoredTensor): AsyncGenerator<Uint8Array> {
  const buffer = freshBuffer(Math.min(bytes, CHUNK_BYTES))
  for (let done = 0; done < bytes; done += CHUNK_BYTES)
    yield await take(file, path, offset + done, Math.min(CHUNK_BYTES, bytes - done), buffer)
}

/** A whole tensor in the order that is wanted, in chunks. */
function* changed(whole: Buffer, stored: StoredTensor, change: Change | undefined): Generator<Buffer> {
  if (change?.kind === 'rows') yield* reordered(whole, change.order)
  else if (change?.kind === 'transpose') yield* transposed(whole, stored)
  else yield whole
}

function* reordered(whole: Buffer, order: Int32Array): Generator<Buffer> {
  const rowBytes = whole.length / order.length
  const rows = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes))
  for (let from = 0; from < order.length; from += rows) {
    const part = order.subarray(from, from + rows)
    const chunk = freshBuffer(part.length * rowBytes)
    for (const [i, row] of part.entries())
      whole.copy(chunk, i * rowBytes, row * rowBytes, (row + 1) * rowBytes)
    yield chunk
  }
}

function* transposed(whole: Buffer, { shape, bytes }: StoredTensor): Generator<Buffer> {
  const [rows, columns] = shape as readonly [number, number]
  const width = bytes / (rows * columns)
  const numbers = (buffer: Buffer) =>
    width === 4 ? new Uint32Array(buffer.buffer) : new Uint16Array(buffer.buffer)
  const source = numbers(whole)
  const step = Math.max(1, Math.floor(CHUNK_BYTES / (rows * width)))
  for (let from = 0; from < columns; from += step) {
    const to = Math.min(columns, from + step)
    const chunk = freshBuffer((to - from) * rows * width)
    const target = numbers(chunk)
    for (let row = 0; row < rows; row++)
      for (let column = from; column < to; column++)
        target[(column - from) * rows + row] = source[row * columns + column]!
    yield chunk
  }
}

function toSingle(chunk: Buffer, dtype: string, change: Change | undefined): Uint8Array {
  const plus = change?.kind === 'plus' ? change.value : 0
  const singles =
    dtype === 'F32'
      ? new Float32Array(chunk.buffer, chunk.byteOffset, chunk.length / 4)
      : dtype === 'BF16'
        ? brainToSingle(new Uint16Array(chunk.buffer, chunk.byteOffset, chunk.length / 2))
        : halfToSingle(new Uint16Array(chunk.buffer, chunk.byteOffset, chunk.length / 2))
  const values = plus === 0 ? singles : singles.map((value) => value + plus)
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** BF16 is the upper half of a single. */
function brainToSingle(values: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(values, (value) => value << 16).buffer)
}
