/** Whole numbers of 32 bits in a row that grows; emptied without giving its memory back. */
export class Growing {
  values: Int32Array<ArrayBuffer>
  length = 0

  constructor(capacity = 1024) {
    this.values = new Int32Array(capacity)
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const more = new Int32Array(2 * this.length)
      more.set(this.values)
      this.values = more
    }
    this.values[this.length++] = value
  }

  /** `values[from…to)` behind what is there. */
  append(values: Int32Array, from: number, to: number): void {
    const length = this.length + to - from
    if (length > this.values.length) {
      const more = new Int32Array(2 * length)
      more.set(this.values.subarray(0, this.length))
      this.values = more
    }
    this.values.set(values.subarray(from, to), this.length)
    this.length = length
  }

  clear(): void {
    this.length = 0
  }
}

/** Counts by 32-bit key for one document after the other, in no more of a table than each needs, so that it stays in a near cache. */
export class KeyCounts {
  /** 0 = empty. */
  #keys = new Int32Array(1024)
  #counts = new Int32Array(1024)
  #mask = 0

  /** Begin anew, for at most `most` keys. */
  begin(most: number): void {
    let size = 64
    while (size < 2 * most) size *= 2
    if (size > this.#keys.length) {
      this.#keys = new Int32Array(size)
      this.#counts = new Int32Array(size)
    } else this.#keys.fill(0, 0, size)
    this.#mask = size - 1
  }

  /** Count a key; returns how often it was there before. */
  count(key: number): number {
    const keys = this.#keys
    const mask = this.#mask
    const own = key === 0 ? 1 : key
    let at = (Math.imul(own, 0x9e3779b1) >>> 6) & mask
    for (let found = keys[at]!; found !== 0; found = keys[at]!) {
      if (found === own) return this.#counts[at]++
      at = (at + 1) & mask
    }
    keys[at] = own
    this.#counts[at] = 1
    return 0
  }
}
