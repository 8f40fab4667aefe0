/** Seeded randomness: the only source of chance in the house. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number
  /** Integer in [0, n). */
  integer(n: number): number
  /** Standard normal (Box–Muller). */
  normal(): number
  /** A stream of its own, determined by this stream's seed and the label, not by how much was drawn. */
  derive(label: string): Random
}

/** Seed of everything random where nobody asked for another. */
export const DEFAULT_SEED = 20260101

/** FNV-1a over UTF-16 code units, 32 bits: mixes labels into seeds. */
function hashLabel(label: string, seed: number): number {
  let h = 2166136261 ^ seed
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 16777619)
  return h >>> 0
}

/**
 * sfc32 (Chris Doty-Humphrey's Small Fast Counter, 128-bit state), twelve rounds of warm-up.
 * Passes PractRand; one draw costs a few ns.
 */
export function createRandom(seed: number = DEFAULT_SEED): Random {
  let a = 0x9e3779b9 ^ seed
  let b = 0x243f6a88 ^ Math.imul(seed, 0x85ebca6b)
  let c = 0xb7e15162
  let counter = 1
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  const uniform = (): number => next() / 4294967296
  return {
    uniform,
    integer: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    derive: (label) => createRandom(hashLabel(label, seed)),
  }
}
