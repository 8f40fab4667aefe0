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

/**
 * Counts by 32-bit key for one document after the other: nothing is cleared between them, and a short document after a
 * long one uses no more of the table than it needs, so that it stays within the processor's cache.
 */
export class KeyCounts {
  #keys = new Int32Array(1024)
  #counts = new Int32Array(1024)
  #stamps = new Int32Array(1024)
  #stamp = 0
  #mask = 0

  /** Begin anew, for at most `most` keys. */
  begin(most: number): void {
    let size = 64
    while (size < 2 * most) size *= 2
    if (size > this.#keys.length) {
      this.#keys = new Int32Array(size)
      this.#counts = new Int32Array(size)
      this.#stamps = new Int32Array(size)
      this.#stamp = 0
    }
    this.#mask = size - 1
    this.#stamp++
  }

  /** Count a key; returns how often it was there before. */
  count(key: number): number {
    const keys = this.#keys
    const stamps = this.#stamps
    const stamp = this.#stamp
    const mask = this.#mask
    let at = (Math.imul(key, 0x9e3779b1) >>> 6) & mask
    while (stamps[at] === stamp) {
      if (keys[at] === key) return this.#counts[at]++
      at = (at + 1) & mask
    }
    stamps[at] = stamp
    keys[at] = key
    this.#counts[at] = 1
    return 0
  }
}
