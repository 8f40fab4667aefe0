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

  clear(): void {
    this.length = 0
  }
}

/** Counts by 32-bit key for one document after the other: what was counted is forgotten without clearing a table. */
export class KeyCounts {
  #keys = new Int32Array(1024)
  #counts = new Int32Array(1024)
  #stamps = new Int32Array(1024)
  #stamp = 0
  #held = 0

  /** Begin anew. */
  begin(): void {
    this.#stamp++
    this.#held = 0
  }

  /** Count a key; returns how often it was there before. */
  count(key: number): number {
    if (2 * this.#held >= this.#keys.length) this.#grow()
    const at = this.#slotOf(key)
    if (this.#stamps[at] === this.#stamp) return this.#counts[at]++
    this.#stamps[at] = this.#stamp
    this.#keys[at] = key
    this.#counts[at] = 1
    this.#held++
    return 0
  }

  /** Where a key stands, or would. */
  #slotOf(key: number): number {
    const mask = this.#keys.length - 1
    let at = (Math.imul(key, 0x9e3779b1) >>> 6) & mask
    while (this.#stamps[at] === this.#stamp && this.#keys[at] !== key) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const [keys, counts, stamps, stamp] = [this.#keys, this.#counts, this.#stamps, this.#stamp]
    const size = 2 * keys.length
    this.#keys = new Int32Array(size)
    this.#counts = new Int32Array(size)
    this.#stamps = new Int32Array(size)
    this.#stamp = 1
    for (let i = 0; i < keys.length; i++) {
      if (stamps[i] !== stamp) continue
      const at = this.#slotOf(keys[i]!)
      this.#stamps[at] = 1
      this.#keys[at] = keys[i]!
      this.#counts[at] = counts[i]!
    }
  }
}
