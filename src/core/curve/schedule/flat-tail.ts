import type { LoggedRates } from './logged-rates.js'

/** Where the rate no longer moves, though it had fallen before. */
export interface FlatTail {
  readonly from: number
  /** Share of the run behind it. */
  readonly share: number
}

/** The flat tail of a schedule; undefined where the rate still moves in the last two rows. */
export function flatTail({ curve, peak, resolution, end }: LoggedRates): FlatTail | undefined {
  const { step, value } = curve
  const n = step.length
  if (end > 0.9 * peak) return undefined
  let i = n - 1
  while (i > 0 && Math.abs(value[i - 1] - end) <= Math.max(resolution, 1e-4 * peak)) i--
  const [first, last, from] = [step[0], step[n - 1], step[i]]
  const span = last - Math.min(0, first)
  const interval = (last - first) / (n - 1)
  return span > 0 && from < last - 2 * interval ? { from, share: (last - from) / span } : undefined
}
