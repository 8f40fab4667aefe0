import type { Curve } from './curve.js'
import { liftedThreshold } from './departures.js'
import type { Levels } from './levels.js'
import { THRESHOLDS as T } from './thresholds.js'

/** Earliest step at which the rise (or the NaN) that spoiled a run was plain, by the losses up to it. */
export interface EarlyWarning {
  readonly step: number
  /** Share of the run's steps (its compute, at a steady batch) that was spent by then. */
  readonly share: number
  readonly sign: 'loss not finite' | 'loss level raised'
}

/**
 * An alarm told in retrospect: three losses that are not finite, or levels that stay half a nat above the best level so
 * far for two windows. Losses and levels behind the step that it names have no say in it, but the width of the windows
 * (1 % of the whole log) and, where noise widens half a nat, its size are those of the whole log: a watcher of the same
 * log while it grows, with windows of its own, may sound earlier or later.
 */
export function earlyWarning(
  all: Curve,
  curve: Curve,
  levels: Levels,
  lastStep: number,
): EarlyWarning | undefined {
  const found: EarlyWarning[] = []
  let bad = 0
  for (let i = 0; i < all.value.length; i++) {
    bad = Number.isFinite(all.value[i]) ? 0 : bad + 1
    if (bad === T.stopRows) {
      found.push({ step: all.step[i], share: all.step[i] / lastStep, sign: 'loss not finite' })
      break
    }
  }
  const rise = Math.max(T.stopNats, liftedThreshold(levels))
  const perWindow = Math.max(
    1,
    Math.round((levels.window * levels.level.length) / Math.max(1, curve.value.length)),
  )
  let best = Number.POSITIVE_INFINITY
  let run = 0
  for (let i = 0; i < levels.level.length; i++) {
    best = Math.min(best, levels.level[i])
    run = levels.level[i] > best + rise ? run + 1 : 0
    if (run > T.stopWindows * perWindow) {
      found.push({ step: levels.step[i], share: levels.step[i] / lastStep, sign: 'loss level raised' })
      break
    }
  }
  return found.sort((a, b) => a.step - b.step)[0]
}
