const NEWLINE = 0x0a

/** A run of whole lines: `bytes[0…end)`, each ended by a newline but perhaps the file's last; valid until the next is asked for. */
export interface LineBlock {
  readonly bytes: Buffer
  readonly end: number
}

/**
 * Blocks of bytes as blocks of whole lines. Only lines that begin before `limit` (counted from the stream's first
 * byte) come; a first line that began before the stream is dropped with `dropFirst`.
 */
export async function* wholeLines(
  blocks: AsyncIterable<Uint8Array>,
  limit = Number.POSITIVE_INFINITY,
  dropFirst = false,
): AsyncGenerator<LineBlock> {
  /** What is read and not given out, at the front of a buffer that grows. */
  let held: Buffer = Buffer.alloc(0)
  let length = 0
  let dropping = dropFirst
  /** Position in the stream of the first byte not yet given out. */
  let position = 0
  for await (const block of blocks) {
    let bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
    if (dropping) {
      const at = bytes.indexOf(NEWLINE)
      position += at === -1 ? bytes.length : at + 1
      if (at === -1) continue
      dropping = false
      bytes = bytes.subarray(at + 1)
    }
    const last = bytes.lastIndexOf(NEWLINE)
    const end = last === -1 ? 0 : length + last + 1
    held = withRoom(held, length, length + bytes.length)
    bytes.copy(held, length)
    length += bytes.length
    const cut = cutAt(held.subarray(0, length), end, limit - position)
    if (cut > 0) yield { bytes: held.subarray(0, length), end: cut }
    if (cut < end) return
    position += end
    held.copyWithin(0, end, length)
    length -= end
    if (end > 0 && position >= limit) return
  }
  if (length > 0 && position < limit) yield { bytes: held.subarray(0, length), end: length }
}

/** A buffer of at least `size` bytes that begins with what `buffer` holds. */
function withRoom(buffer: Buffer, length: number, size: number): Buffer {
  if (size <= buffer.length) return buffer
  const larger = Buffer.allocUnsafe(2 * size)
  buffer.copy(larger, 0, 0, length)
  return larger
}

/** End of the last line that begins before `limit`. */
function cutAt(bytes: Buffer, end: number, limit: number): number {
  if (limit >= end) return end
  if (limit <= 0) return 0
  const at = bytes.indexOf(NEWLINE, limit - 1)
  return at === -1 ? end : at + 1
}
