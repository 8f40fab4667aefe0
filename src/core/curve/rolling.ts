/** Windows that scatter by less are skipped: constant values have no outliers (METHODS §6). */
export const NO_DEVIATION = 1e-10

/** Mean and population variance of the last `window` values, updated in place; refreshed against rounding. */
export class Rolling {
  private readonly held: Float64Array
  private count = 0
  private sum = 0
  private squares = 0
  private origin = 0

  constructor(readonly window: number) {
    this.held = new Float64Array(window)
  }

  get full(): boolean {
    return this.count >= this.window
  }

  get mean(): number {
    return this.origin + this.sum / Math.min(this.count, this.window)
  }

  get deviation(): number {
    const n = Math.min(this.count, this.window)
    return Math.sqrt(Math.max(0, this.squares / n - (this.sum / n) ** 2))
  }

  push(value: number): void {
    const at = this.count % this.window
    if (at === 0) this.refresh(value)
    const x = value - this.origin
    if (this.full) {
      const out = this.held[at] - this.origin
      this.sum -= out
      this.squares -= out * out
    }
    this.held[at] = value
    this.sum += x
    this.squares += x * x
    this.count++
  }

  /** Sums about a value of the present window, so that long runs lose no digits. */
  private refresh(origin: number): void {
    const n = Math.min(this.count, this.window)
    this.origin = origin
    this.sum = 0
    this.squares = 0
    for (let i = 0; i < n; i++) {
      const x = this.held[i] - origin
      this.sum += x
      this.squares += x * x
    }
  }
}
