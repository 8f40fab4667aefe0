const NEWLINE = 10
const RETURN = 13
const ESCAPE = 27
const SHORT = 64

/** What a line callback is told beside the bytes: valid during the call alone. */
export type LineCallback = (
  bytes: Uint8Array,
  from: number,
  to: number,
  number: number,
  /** Whether the line may hold terminal escapes: false is certain. */
  escapes: boolean,
  /** Whether this is the last line and lacks its terminator. */
  unterminated: boolean,
) => void

/** The unfinished end of a chunk; grows by doubling, so that a line of many chunks is not copied again for each. */
export class Held {
  private bytes = new Uint8Array(0)
  length = 0

  append(more: Uint8Array): void {
    const length = this.length + more.length
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.bytes.length))
      larger.set(this.bytes.subarray(0, this.length))
      this.bytes = larger
    }
    this.bytes.set(more, this.length)
    this.length = length
  }

  get all(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Keep what stands from `from` on. */
  keep(from: number): void {
    this.bytes.copyWithin(0, from, this.length)
    this.length -= from
  }
}

/** Cuts one piece of bytes into lines; a lone `\r` ends a line too, but does not count. */
export class Cutter {
  number = 1
  constructor(protected readonly each: LineCallback) {}

  /** @returns where the unfinished last line begins */
  cut(bytes: Uint8Array, start: number): number {
    const escapes = bytes.indexOf(ESCAPE, start) >= 0
    return bytes.indexOf(RETURN, start) < 0
      ? this.plain(bytes, start, escapes)
      : this.withReturns(bytes, start, escapes)
  }

  private plain(bytes: Uint8Array, start: number, escapes: boolean): number {
    const { each } = this
    const length = bytes.length
    let { number } = this
    let from = start
    for (let i = start; i < length; i++) {
      if (bytes[i] !== NEWLINE) {
        if (i < from + SHORT) continue
        // A call costs as much as looking at some dozens of bytes: worth it in long lines only.
        i = bytes.indexOf(NEWLINE, i)
        if (i < 0) break
      }
      if (i > from) each(bytes, from, i, number, escapes, false)
      number++
      from = i + 1
    }
    this.number = number
    return from
  }

  private withReturns(bytes: Uint8Array, start: number, escapes: boolean): number {
    let from = start
    for (let i = start; i < bytes.length; i++) {
      const c = bytes[i]
      if (c !== NEWLINE && c !== RETURN) continue
      if (i > from) this.each(bytes, from, i, this.number, escapes, false)
      if (c === NEWLINE) this.number++
      from = i + 1
    }
    return from
  }
}

/** How many bytes of a UTF-8 byte-order mark stand at the beginning. */
export function withoutMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/**
 * Cut a byte stream into lines without copying whole chunks: `each` gets the chunk and the line's bounds (terminator
 * left out) and its number from 1. `\n`, `\r\n` and a lone `\r` (progress bars that redraw) all end a line; only
 * `\n` counts. A byte-order mark is skipped.
 *
 * @param onChunk told, before each chunk, how many bytes came before it
 * @returns whether the last line lacked its terminator, and how many lines there were
 */
export async function eachLine(
  stream: AsyncIterable<Uint8Array>,
  each: LineCallback,
  onChunk?: (bytes: number) => void,
): Promise<{ lines: number; unterminated: boolean }> {
  const cutter = new Cutter(each)
  const held = new Held()
  let first = true
  let bytesBefore = 0
  for await (const piece of stream) {
    // One kind of array for all that reads them: a Buffer is another to the engine, and twice as slow beside it.
    const chunk = new Uint8Array(piece.buffer, piece.byteOffset, piece.length)
    onChunk?.(bytesBefore)
    bytesBefore += chunk.length
    let start = 0
    if (first && held.length + chunk.length < 3) {
      held.append(chunk)
      continue
    }
    if (held.length > 0) {
      // Only the line that straddles two chunks is copied.
      const end = chunk.indexOf(NEWLINE)
      const hasEnd = end >= 0 || chunk.indexOf(RETURN) >= 0
      held.append(end < 0 ? chunk : chunk.subarray(0, end + 1))
      if (!hasEnd) continue
      held.keep(cutter.cut(held.all, first ? withoutMark(held.all) : 0))
      first = false
      if (end < 0) continue
      start = end + 1
    } else if (first) {
      start = withoutMark(chunk)
      first = false
    }
    held.append(chunk.subarray(cutter.cut(chunk, start)))
  }
  if (first) held.keep(cutter.cut(held.all, withoutMark(held.all)))
  const rest = held.all
  const unterminated = rest.length > 0
  if (unterminated) each(rest, 0, rest.length, cutter.number, rest.includes(ESCAPE), true)
  return { lines: unterminated ? cutter.number : cutter.number - 1, unterminated }
}
