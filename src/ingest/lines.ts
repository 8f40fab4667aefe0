const NEWLINE = 10
const RETURN = 13

/**
 * Cut a byte stream into lines without copying whole chunks: `each` gets the chunk and the line's bounds (terminator
 * left out) and its number from 1. `\n`, `\r\n` and a lone `\r` (progress bars that redraw) all end a line; only
 * `\n` counts. Bytes are valid during the call alone.
 *
 * @returns whether the last line lacked its terminator, and how many lines there were
 */
export async function eachLine(
  stream: AsyncIterable<Uint8Array>,
  each: (bytes: Uint8Array, from: number, to: number, number: number) => void,
): Promise<{ lines: number; unterminated: boolean }> {
  let carry = new Uint8Array(0)
  let number = 1
  let first = true
  for await (const chunk of stream) {
    let bytes = chunk
    let from = 0
    if (carry.length > 0) {
      bytes = new Uint8Array(carry.length + chunk.length)
      bytes.set(carry)
      bytes.set(chunk, carry.length)
    }
    if (first && bytes.length >= 3) {
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) from = 3
      first = false
    }
    const length = bytes.length
    for (let i = Math.max(from, carry.length); i < length; i++) {
      const c = bytes[i]
      if (c !== NEWLINE && c !== RETURN) continue
      if (i > from) each(bytes, from, i, number)
      if (c === NEWLINE) number++
      from = i + 1
    }
    carry = bytes.slice(from)
  }
  if (carry.length > 0) each(carry, 0, carry.length, number)
  return { lines: carry.length > 0 ? number : number - 1, unterminated: carry.length > 0 }
}
