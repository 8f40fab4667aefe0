import type { Curve } from './curve.js'

/** One-step outliers by the OLMo-core monitor, with a floor in nats (METHODS §6). */
export const SPIKE_WINDOW = 128
export const SPIKE_DEVIATIONS = 6
/** A spike is at least this high above the mean before it, in nats, or as a share of that mean. */
export const SPIKE_NATS = 0.4
export const SPIKE_SHARE = 0.1
const NO_DEVIATION = 1e-10

/** One value that stands out from the window before it. */
export interface Outlier {
  readonly index: number
  readonly step: number
  /** Above the mean of the previous values, nats. */
  readonly height: number
  readonly deviations: number
}

/** Mean and population variance of the last `window` values, updated in place; refreshed against rounding. */
class Rolling {
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

/**
 * Values above mean + 6 SD of the previous 128 (current one left out, outliers stay in the window, population SD,
 * full window only), and at least .4 nats or 10 % above that mean.
 *
 * Source: OLMo-core's spike monitor, as METHODS §6 gives it. Differs: the floor, without which healthy runs of tens
 * of thousands of steps have up to 15 outliers of .22–.34 nats.
 */
export function lossOutliers(curve: Curve, window: number = SPIKE_WINDOW): Outlier[] {
  const rolling = new Rolling(window)
  const out: Outlier[] = []
  for (let index = 0; index < curve.value.length; index++) {
    const value = curve.value[index]
    if (!Number.isFinite(value)) continue
    if (rolling.full) {
      const { mean, deviation } = rolling
      const height = value - mean
      if (
        height > SPIKE_DEVIATIONS * deviation &&
        deviation >= NO_DEVIATION &&
        (height >= SPIKE_NATS || height >= SPIKE_SHARE * mean)
      )
        out.push({ index, step: curve.step[index], height, deviations: height / deviation })
    }
    rolling.push(value)
  }
  return out
}

/**
 * OLMo 2's spike score: share of values ≥ 7 SD from the mean of the previous `window` (1,000), two-sided.
 * Source: OLMo 2, arXiv:2501.00656; read as two-sided (METHODS §6).
 */
export function spikeScore(curve: Curve, window = 1000): { share: number; judged: number } {
  const rolling = new Rolling(window)
  let flagged = 0
  let judged = 0
  for (const value of curve.value) {
    if (!Number.isFinite(value)) continue
    if (rolling.full && rolling.deviation >= NO_DEVIATION) {
      judged++
      if (Math.abs(value - rolling.mean) >= 7 * rolling.deviation) flagged++
    }
    rolling.push(value)
  }
  return { share: judged === 0 ? 0 : flagged / judged, judged }
}
