const C1 = 0x239b961b | 0
const C2 = 0xab0e9789 | 0

function finalMix(value: number): number {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Both halves of the hash that {@link hashBytes} made last: a pair would be an object for every line of a corpus. */
export const hashed: Int32Array = new Int32Array(2)

/**
 * 64-bit hash of `bytes[begin…end)` into {@link hashed}: two lanes of MurmurHash3_x86_128, mixed into each other every
 * eight bytes. No defence against texts that were made to collide.
 *
 * Source: A. Appleby, MurmurHash3 (public domain); the lanes are two of its four.
 */
export function hashBytes(bytes: Uint8Array, begin: number, end: number): void {
  let h1 = 0x9e3779b9 | 0
  let h2 = end - begin
  let at = begin
  for (; at + 8 <= end; at += 8) {
    let k1 = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    let k2 = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)
    k1 = Math.imul(k1, C1)
    k1 = Math.imul((k1 << 15) | (k1 >>> 17), C2)
    h1 ^= k1
    h1 = (h1 << 19) | (h1 >>> 13)
    h1 = (Math.imul((h1 + h2) | 0, 5) + 0x561ccd1b) | 0
    k2 = Math.imul(k2, C2)
    k2 = Math.imul((k2 << 16) | (k2 >>> 16), C1)
    h2 ^= k2
    h2 = (h2 << 17) | (h2 >>> 15)
    h2 = (Math.imul((h2 + h1) | 0, 5) + 0x0bcaa747) | 0
  }
  for (; at < end; at++) {
    h1 = Math.imul(h1 ^ bytes[at]!, C1)
    h2 = (Math.imul(h2, 31) + ((h1 << 13) | (h1 >>> 19))) | 0
  }
  h1 = (h1 + h2) | 0
  h2 = (h2 + h1) | 0
  h1 = finalMix(h1)
  h2 = finalMix(h2)
  hashed[0] = (h1 + h2) | 0
  hashed[1] = (h2 + hashed[0]!) | 0
}

/** Spread a 32-bit value over all bits. */
export function spread(value: number): number {
  return finalMix(value | 0)
}
