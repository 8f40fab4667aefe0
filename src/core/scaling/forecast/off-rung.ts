import { median, robustDeviation } from '../../stats/index.js'
import type { AccuracyScale } from './accuracy-scale.js'
import { averageU, clustersOf } from './average.js'
import type { RunPoint } from './point.js'
import type { Fitted } from './stages.js'

/** A run that lies off the law of the others. */
export interface OffRung {
  readonly run: string
  readonly source: string
  /** Measured less expected accuracy, the median of its checkpoints. */
  readonly off: number
}

/** Fewer runs tell no scatter to hold one against. */
const LEAST_RUNS = 6
/** A run is off when it lies so many robust deviations of all runs' residuals from the law … */
const DEVIATIONS = 6
/** … and at least this far in accuracy: what a reader would call off. */
const LEAST_OFF = 0.03

/**
 * Runs off the averaged law, the farthest first: each run's median residual in accuracy against the runs' own scatter and
 * the noise of its items. Robust forms leave such a run beside their line, so that its residual shows it.
 */
export function offRungs(
  points: readonly RunPoint[],
  scale: AccuracyScale,
  fits: readonly (Fitted | null)[],
  weights: readonly number[],
): OffRung[] {
  const clusters = clustersOf(points)
  if (clusters.length < LEAST_RUNS) return []
  const runs = clusters.map((cluster) => {
    const residuals = cluster.flatMap((point) => {
      const u = averageU(fits, weights, point)
      return u === null ? [] : [point.accuracy - scale.toAccuracy(u)]
    })
    const [{ run, source, accuracy, items }] = cluster
    const noise = items === null ? 0 : Math.sqrt((accuracy * (1 - accuracy)) / items)
    return { run, source, off: residuals.length === 0 ? 0 : median(residuals), noise }
  })
  const scatter = robustDeviation(runs.map((r) => r.off))
  return runs
    .filter((r) => Math.abs(r.off) > Math.max(LEAST_OFF, DEVIATIONS * Math.hypot(scatter, r.noise)))
    .sort((a, b) => Math.abs(b.off) - Math.abs(a.off))
    .map(({ run, source, off }) => ({ run, source, off }))
}
