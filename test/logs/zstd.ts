/** A Zstandard frame of raw blocks (RFC 8878, 3.1.1): magic, header with a content size of four bytes, blocks. */
export function zstd(content: Uint8Array, block = 1000): Uint8Array {
  const size = (n: number, bytes: number): number[] =>
    Array.from({ length: bytes }, (_, i) => (n >> (8 * i)) & 255)
  const out = [0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000, ...size(content.length, 4)]
  for (let at = 0; at < content.length; at += block) {
    const piece = content.subarray(at, at + block)
    const isLast = at + block >= content.length
    out.push(...size((piece.length << 3) | (isLast ? 1 : 0), 3), ...piece)
  }
  return Uint8Array.from(out)
}
