/**
 * Outcome of one self-check of an engine (docs/methods/engines.md#self-check): run before any number of it is trusted.
 */
export interface EngineCheckEvidence {
  readonly engine: string
  /**
   * Set where the model itself cannot tell texts apart, whatever engine scores it: checks that only this explains are left
   * out. `uniform`: every token gets the same probability; `untrained`: no better than that, and the order of words does
   * not matter.
   */
  readonly model?: { readonly state: 'uniform' | 'untrained'; readonly detail: string }
  readonly checks: readonly {
    /** Permanent name: `value-count`, `null-values`, `choices-differ`, `batch-invariance`, `cache-invariance`, `round-trip`, `bos-count`, `order-matters`. */
    readonly name: string
    readonly passed: boolean
    /** What was compared and what came out, for a reader. */
    readonly detail: string
  }[]
}
