/* AssemblyScript: 64 bytes at a time as four lanes of 16; shared by scan.ts and corpus/contamination/assembly/words.ts. */

/** A bit a byte, of what is true in four lanes. */
export function join(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(d))) << 48)
  )
}

/** The bits below `count` ≤ 64. */
export function below(count: i32): u64 {
  return count >= 64 ? ~(<u64>0) : ((<u64>1) << (<u64>count)) - 1
}

export function within(bytes: v128, first: i8, count: i8): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(count))
}

export function equal(bytes: v128, byte: i8): v128 {
  return i8x16.eq(bytes, i8x16.splat(byte))
}

/** Of ASCII. */
export function letter(bytes: v128): v128 {
  return within(v128.or(bytes, i8x16.splat(0x20)), 0x61, 26)
}
