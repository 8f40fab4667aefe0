import { raise } from '../errors.js'

/**
 * Bytes to text: UTF-8 (a byte-order mark is dropped), or UTF-16 when its mark says so. Everything else is refused
 * with the place of the first bad byte: a wrong guess would be scored as bad text.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined
  try {
    return new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const byteOffset = utf16 === undefined ? firstInvalidByte(bytes) : 0
    const found = `0x${bytes[byteOffset].toString(16).padStart(2, '0')}`
    throw raise(
      'not-utf8',
      `found byte ${found}, which is no valid ${utf16 ?? 'UTF-8'} there`,
      { path, byteOffset },
      error,
    )
  }
}

/** Offset of the first byte that no UTF-8 text can hold at its place. */
function firstInvalidByte(bytes: Uint8Array): number {
  const isValid = (end: number): boolean => {
    try {
      // `stream` accepts a sequence that is cut off at the end, so only wrong bytes count.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true })
      return true
    } catch {
      return false
    }
  }
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isValid(middle)) good = middle
    else bad = middle
  }
  return bad - 1
}
