import type { Curve } from '../../series/curve.js'

/** Which steps a log covers, and how closely. */
export interface Extent {
  /** Median distance of logged losses, in steps. */
  readonly interval: number
  readonly firstStep: number
  readonly lastStep: number
  /** Rows lie far further apart than the log's own interval: an excerpt, of which no end can be told. */
  readonly fragment: boolean
}

/** Share of the steps between first and last that a log of steady interval would have to show. */
const FRAGMENT_COVERAGE = 0.3

function medianGap(curve: Curve): number {
  const n = curve.step.length
  if (n < 2) return 1
  const stride = Math.max(1, Math.floor(n / 4096))
  const gaps: number[] = []
  for (let i = 1; i < n; i += stride) gaps.push(curve.step[i] - curve.step[i - 1])
  gaps.sort((a, b) => a - b)
  return gaps[gaps.length >> 1]
}

/**
 * Extent of a run.
 * @param main        training losses, or validation losses where there are no others
 * @param evaluations the run may end with one
 */
export function extentOf(main: Curve, evaluations: Curve): Extent {
  const n = main.step.length
  const interval = medianGap(main)
  const span = n === 0 ? 0 : main.step[n - 1] - main.step[0]
  return {
    interval,
    firstStep: main.step[0] ?? 0,
    lastStep: Math.max(main.step[n - 1] ?? 0, evaluations.step[evaluations.step.length - 1] ?? 0),
    fragment: n >= 2 && span > 0 && (interval * (n - 1)) / span < FRAGMENT_COVERAGE,
  }
}
