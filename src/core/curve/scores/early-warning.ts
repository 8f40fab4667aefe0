import type { Curve } from '../../series/curve.js'
import { levelsOf } from '../signs/levels.js'
import { liftedThreshold } from '../signs/noise.js'
import { THRESHOLDS as T } from '../thresholds.js'

/** Earliest step at which a watcher that knows only the past would have stopped the run. */
export interface EarlyWarning {
  readonly step: number
  /** Share of the run's steps (its compute, at a steady batch) that was spent by then. */
  readonly share: number
  readonly sign: 'loss not finite' | 'loss level raised'
}

/** The log is looked at again whenever it has grown by this share. */
const GROWTH = 0.02

/** Whether the levels of a log, as far as it has come, stand above their best for long enough to stop the run. */
function isRaised(curve: Curve): boolean {
  const levels = levelsOf(curve)
  const rise = Math.max(T.stopNats, liftedThreshold(levels))
  const perWindow = Math.max(1, Math.round((levels.window * levels.level.length) / curve.value.length))
  let best = Number.POSITIVE_INFINITY
  let run = 0
  for (const level of levels.level) {
    best = Math.min(best, level)
    run = level > best + rise ? run + 1 : 0
  }
  return run > T.stopWindows * perWindow
}

/** First step at which the growing log shows a raised level; undefined when it never does. */
function raisedAt({ step, value }: Curve): number | undefined {
  const n = value.length
  for (
    let seen: number = T.shortLog;
    seen <= n;
    seen = seen === n ? n + 1 : Math.min(n, Math.ceil(seen * (1 + GROWTH)))
  )
    if (isRaised({ step: step.subarray(0, seen), value: value.subarray(0, seen) })) return step[seen - 1]
  return undefined
}

/** First step with three losses in a row that are not finite. */
function brokenAt({ step, value }: Curve): number | undefined {
  let bad = 0
  for (let i = 0; i < value.length; i++) {
    bad = Number.isFinite(value[i]) ? 0 : bad + 1
    if (bad === T.stopRows) return step[i]
  }
  return undefined
}

/**
 * The causal alarm: three losses that are not finite, or levels that stay half a nat above the best level so far for
 * two windows. The log is looked at as it was when it had 20 losses and after every 2 % more: windows, noise and levels
 * come from what stood there then, and nothing behind the step that it names has a say in it (but for the size of blocks in logs of more than 20,000 losses).
 *
 * @param all      losses with NaN where they are not finite
 * @param points   the finite ones, in longer logs medians of blocks
 * @param lastStep of the run, for the share of it that was spent
 */
export function earlyWarning(all: Curve, points: Curve, lastStep: number): EarlyWarning | undefined {
  const [broken, raised] = [brokenAt(all), raisedAt(points)]
  const step = Math.min(broken ?? Number.POSITIVE_INFINITY, raised ?? Number.POSITIVE_INFINITY)
  if (!Number.isFinite(step)) return undefined
  return { step, share: step / lastStep, sign: step === broken ? 'loss not finite' : 'loss level raised' }
}
