const NEWLINE = 0x0a

/** A run of whole lines: `bytes[begin…end)`, each ended by a newline but perhaps the file's last. */
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
  let carried: Buffer[] = []
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
    if (last === -1) {
      carried.push(Buffer.from(bytes))
      continue
    }
    const whole = carried.length === 0 ? bytes : Buffer.concat([...carried, bytes])
    const end = whole.length - (bytes.length - last - 1)
    const cut = cutAt(whole, end, limit - position)
    if (cut > 0) yield { bytes: whole, end: cut }
    if (cut < end) return
    position += end
    carried = last + 1 === bytes.length ? [] : [Buffer.from(bytes.subarray(last + 1))]
    if (position >= limit) return
  }
  const rest = Buffer.concat(carried)
  if (rest.length > 0 && position < limit) yield { bytes: rest, end: rest.length }
}

/** End of the last line that begins before `limit`. */
function cutAt(bytes: Buffer, end: number, limit: number): number {
  if (limit >= end) return end
  if (limit <= 0) return 0
  const at = bytes.indexOf(NEWLINE, limit - 1)
  return at === -1 ? end : at + 1
}
