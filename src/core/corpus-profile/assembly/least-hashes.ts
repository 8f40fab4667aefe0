/* AssemblyScript: MinHash of a document's shingles, part of scan.ts. */

/** As in scan-memory.ts. */
const LEAST: usize = 0x800
const MULTIPLIERS: usize = 0x900
const MASKS: usize = 0xa00
const TERMS: usize = 0x50000

/** Least value of each MinHash over `count` shingles at TERMS; as bandKeys of minhash.ts has them. */
export function leastHashes(count: i32): void {
  const to = TERMS + ((<usize>count) << 2)
  for (let k: usize = 0; k < 240; k += 48) {
    const mask0 = v128.load(MASKS + k)
    const mask1 = v128.load(MASKS + k, 16)
    const mask2 = v128.load(MASKS + k, 32)
    const by0 = v128.load(MULTIPLIERS + k)
    const by1 = v128.load(MULTIPLIERS + k, 16)
    const by2 = v128.load(MULTIPLIERS + k, 32)
    let least0 = v128.load(LEAST + k)
    let least1 = v128.load(LEAST + k, 16)
    let least2 = v128.load(LEAST + k, 32)
    for (let at = TERMS; at < to; at += 4) {
      const hash = v128.load32_splat(at)
      least0 = i32x4.min_s(least0, i32x4.mul(v128.xor(hash, mask0), by0))
      least1 = i32x4.min_s(least1, i32x4.mul(v128.xor(hash, mask1), by1))
      least2 = i32x4.min_s(least2, i32x4.mul(v128.xor(hash, mask2), by2))
    }
    v128.store(LEAST + k, least0)
    v128.store(LEAST + k, least1, 16)
    v128.store(LEAST + k, least2, 32)
  }
}
