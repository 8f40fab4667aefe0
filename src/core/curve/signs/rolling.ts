import { median } from '../../stats/quantile.js'

/** Windows that scatter by less are skipped: constant values have no outliers. */
export const NO_DEVIATION = 1e-10

/** A value that leaves and was this many deviations of the rest has taken their digits with it. */
const LARGEST_SHARE = 1e5

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
    if (this.count === 0) this.origin = value
    else if (at === 0) this.refresh()
    const x = value - this.origin
    const out = this.full ? this.held[at] - this.origin : 0
    this.sum += x - out
    this.squares += x * x - out * out
    this.held[at] = value
    this.count++
    if (Math.abs(out) > LARGEST_SHARE * this.deviation) this.refresh()
  }

  /** Sums about the median of the present window, so that neither long runs nor a single huge value lose digits. */
  private refresh(): void {
    const n = Math.min(this.count, this.window)
    this.origin = median(this.held.subarray(0, n))
    this.sum = 0
    this.squares = 0
    for (let i = 0; i < n; i++) {
      const x = this.held[i] - this.origin
      this.sum += x
      this.squares += x * x
    }
  }
}
