/** The tokens that a server has evaluated, as a trie: what it would hold if nothing were ever dropped. */
export class PrefixCache {
  private readonly root = new Map<number, unknown>()
  /** Tokens that were evaluated, and tokens that were there already. */
  evaluated = 0
  reused = 0

  /**
   * Evaluate a sequence behind what is held of it.
   *
   * @param most tokens that may be reused: log-probabilities need what comes before them evaluated now
   * @returns tokens reused
   */
  evaluate(tokens: Int32Array, most: number): number {
    let at = this.root
    let held = 0
    let whole = true
    for (const token of tokens) {
      let next = at.get(token) as Map<number, unknown> | undefined
      if (next === undefined) {
        whole = false
        next = new Map()
        at.set(token, next)
      } else if (whole) held++
      at = next
    }
    const reused = Math.min(held, most)
    this.reused += reused
    this.evaluated += tokens.length - reused
    return reused
  }
}
