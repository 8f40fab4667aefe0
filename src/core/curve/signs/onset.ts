import type { Curve } from '../../series/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { EndGap } from './end-gap.js'
import type { Levels } from './levels.js'
import { TRAILING } from './trailing.js'

/**
 * First index of the rise that never came back. An abrupt one is behind the last time that the level was within a
 * quarter of the gap; a creeping one is followed down to where the level first left the best by more than noise.
 */
export function onsetOf(curve: Curve, trailing: Float64Array, gap: EndGap, levels: Levels): number {
  const { step, value } = curve
  const abrupt = abruptOnset(value, trailing, gap)
  const left = gap.best + Math.max(T.onsetNats, T.onsetDeviations * levels.scatter)
  let first = abrupt
  while (first > 0 && step[first - 1] > gap.bestStep && trailing[first - 1] > left) first--
  // The trailing median lags by a few values, so a short way down is no creeping rise.
  return abrupt - first > TRAILING ? Math.max(0, first - (TRAILING >> 1)) : abrupt
}

function abruptOnset(value: Float64Array, trailing: Float64Array, gap: EndGap): number {
  const low = gap.best + 0.25 * gap.gap
  let i = value.length - 1
  while (i > 0 && trailing[i] > low) i--
  for (let k = Math.max(0, i - TRAILING + 1); k < value.length; k++)
    if (value[k] > gap.best + 0.4 * gap.gap && value[k] > trailing[k]) return k
  return Math.min(value.length - 1, i + 1)
}
