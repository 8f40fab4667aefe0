import type { Curve } from '../../series/curve.js'
import { median } from '../../stats/quantile.js'
import type { Levels } from './levels.js'

/** Where a run stands at its end against the best it had. */
export interface EndGap {
  readonly end: number
  readonly best: number
  readonly bestStep: number
  readonly gap: number
  /** Level at the start. */
  readonly start: number
}

export function endGap(curve: Curve, levels: Levels): EndGap {
  let best = 0
  for (let i = 1; i < levels.level.length; i++) if (levels.level[i] <= levels.level[best]) best = i
  const end = levels.level[levels.level.length - 1]
  const first = Math.min(3, curve.value.length)
  return {
    end,
    best: levels.level[best],
    bestStep: levels.step[best],
    gap: end - levels.level[best],
    start: Math.max(levels.level[0], median(curve.value.slice(0, first))),
  }
}
