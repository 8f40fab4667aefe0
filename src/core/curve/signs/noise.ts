import { THRESHOLDS as T } from '../thresholds.js'
import type { EndGap } from './end-gap.js'
import type { Levels } from './levels.js'

/** What noise can make of a level, and the gaps between the end and the best level that it cannot explain; nats. */
export interface Noise {
  /** Standard deviation of a level. */
  readonly level: number
  /** From this gap on the end is lifted, and from that on the run has diverged. */
  readonly lifted: number
  readonly diverged: number
}

/** Noise of a level: the smaller of what the levels and the single values say, so that a broken end cannot excuse itself. */
function levelNoise(levels: Levels): number {
  // Medians of neighbours share what their data share: twice the error of independent values.
  const fromValues = (2 * 1.2533 * levels.scatter) / Math.sqrt(levels.window)
  return fromValues === 0 ? 0 : Math.min(levels.noise || fromValues, fromValues)
}

/** What noise can explain: five deviations, and never more than the cap, or a log that broke early would hide itself. */
function noiseAllowance(levels: Levels): number {
  return Math.min(T.noiseCapNats, T.liftedDeviations * levelNoise(levels))
}

export function liftedThreshold(levels: Levels): number {
  // Too short to know its noise: only a plain rise counts.
  if (levels.scatter === 0 && levels.level.length < T.shortLog) return T.liftedShortNats
  return Math.max(T.liftedNats, noiseAllowance(levels))
}

function divergedThreshold(levels: Levels, gap: EndGap): number {
  const learned = Math.max(0, gap.start - gap.best)
  const nats = Math.min(T.divergedNats, Math.max(T.divergedLeastNats, T.divergedShare * learned))
  return Math.max(nats, noiseAllowance(levels))
}

export function noiseOf(levels: Levels, gap: EndGap): Noise {
  return {
    level: levelNoise(levels),
    lifted: liftedThreshold(levels),
    diverged: divergedThreshold(levels, gap),
  }
}
