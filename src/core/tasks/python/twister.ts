const SIZE = 624
const PERIOD = 397

/** Python's `random.Random(seed)`: MT19937 (Matsumoto and Nishimura 1998), seeded by `init_by_array` with the seed's 32-bit words. */
export class PythonRandom {
  private readonly state = new Uint32Array(SIZE)
  private next = SIZE

  /** @param seed  an integer from 0 to 2^53 − 1 */
  constructor(seed: number) {
    const low = seed >>> 0
    const high = Math.floor(seed / 2 ** 32)
    const key = high === 0 ? [low] : [low, high]
    const { state } = this
    state[0] = 19650218
    for (let i = 1; i < SIZE; i++)
      state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i
    let i = 1
    const mix = (factor: number, added: (step: number) => number, steps: number): void => {
      for (let step = 0; step < steps; step++) {
        const before = state[i - 1]!
        state[i] = (state[i]! ^ Math.imul(before ^ (before >>> 30), factor)) + added(step)
        if (++i >= SIZE) {
          state[0] = state[SIZE - 1]!
          i = 1
        }
      }
    }
    mix(1664525, (step) => key[step % key.length]! + (step % key.length), Math.max(SIZE, key.length))
    mix(1566083941, () => -i, SIZE - 1)
    state[0] = 0x80000000
  }

  /** 32 uniform bits. */
  bits32(): number {
    if (this.next >= SIZE) this.twist()
    let y = this.state[this.next++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  private twist(): void {
    const { state } = this
    for (let k = 0; k < SIZE; k++) {
      const y = (state[k]! & 0x80000000) | (state[(k + 1) % SIZE]! & 0x7fffffff)
      state[k] = state[(k + PERIOD) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.next = 0
  }

  /** Uniform in [0, 1) with 53 bits, as `random.random`. */
  uniform(): number {
    const high = this.bits32() >>> 5
    return (high * 67108864 + (this.bits32() >>> 6)) / 9007199254740992
  }

  /** Integer in [0, n), n < 2^32, as `random.randrange`: bits are drawn until they are below n. */
  below(n: number): number {
    const shift = Math.clz32(n)
    let drawn = this.bits32() >>> shift
    while (drawn >= n) drawn = this.bits32() >>> shift
    return drawn
  }

  /** k of the indices 0 to n − 1 without replacement, k ≤ n, in the order of `random.sample`. */
  sample(n: number, k: number): number[] {
    // CPython shuffles a pool where that is smaller than a set of the drawn.
    const setSize = 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0)
    if (n <= setSize) {
      const pool = Array.from({ length: n }, (_, i) => i)
      return Array.from({ length: k }, (_, i) => {
        const j = this.below(n - i)
        const drawn = pool[j]!
        pool[j] = pool[n - i - 1]!
        return drawn
      })
    }
    const drawn = new Set<number>()
    while (drawn.size < k) drawn.add(this.below(n))
    return [...drawn]
  }
}
