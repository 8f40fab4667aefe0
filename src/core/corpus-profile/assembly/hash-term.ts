/* AssemblyScript: shared by scan.ts and corpus/contamination/assembly/words.ts. */

import { within } from './lanes'

function lowerCase(bytes: v128): v128 {
  const isUpper = within(bytes, 0x41, 26)
  return v128.or(bytes, v128.and(isUpper, i8x16.splat(0x20)))
}

/** As termHash of watched.ts: the bytes, ASCII in lower case, in steps of 16. */
export function hashTerm(from: usize, to: usize): i32 {
  const iota = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  let hash: i32 = 0
  for (let at = from; at < to; at += 16) {
    const isOurs = i8x16.lt_u(iota, i8x16.splat(<i8>min<usize>(16, to - at)))
    const product = i32x4.mul(
      v128.and(lowerCase(v128.load(at)), isOurs),
      i32x4(0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f),
    )
    const halves = v128.xor(product, i64x2.shuffle(product, product, 1, 0))
    const both = i64x2.extract_lane(halves, 0)
    const mixed = (hash * 0x01000193) ^ <i32>both ^ <i32>(both >>> 32)
    hash = (mixed ^ (mixed >>> 15)) * 0x85ebca6b
    hash ^= hash >>> 13
  }
  return hash
}
