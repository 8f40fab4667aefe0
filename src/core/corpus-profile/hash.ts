/** Spread a 32-bit value over all bits: the last steps of MurmurHash3_x86_32 (A. Appleby, public domain). */
export function spread(value: number): number {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
