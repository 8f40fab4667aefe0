import { mean } from '../../stats/moments.js'
import { median } from '../../stats/quantile.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Levels } from '../signs/levels.js'
import type { LossSigns } from '../signs/loss-signs.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** Levels whose step lies in a share of the run. */
function levelsWithin(levels: Levels, first: number, last: number, from: number, to: number): Float64Array {
  const a = first + from * (last - first)
  const b = first + to * (last - first)
  return levels.level.filter((_, i) => levels.step[i] >= a && levels.step[i] <= b)
}

/**
 * The validation loss fell to its best from a step on, below what it had before: whatever the training loss shows,
 * something is learned.
 */
function validationFalls({ validation: { step, value } }: PreparedRun, fromStep: number): boolean {
  const from = step.findIndex((s) => s >= fromStep)
  if (from < 0 || value.length - from < 3) return false
  const before = value.subarray(0, from + 1).reduce((x, y) => Math.min(x, y))
  const best = value.reduce((x, y) => Math.min(x, y))
  const last = value[value.length - 1]
  return last <= best + T.atBestNats && before - last >= T.validationFall * before
}

/**
 * What noise can make of the difference between two means over many levels: three errors of the difference, and never
 * more than two of one level.
 */
function fallNoise({ levels, noise }: LossSigns, n1: number, n2: number): number {
  const perLevel = levels.window / levels.overlap
  const error = levels.scatter * Math.sqrt(1 / (n1 * perLevel) + 1 / (n2 * perLevel))
  return Math.min(2 * noise.level, 3 * error)
}

/**
 * No progress: `stuck` when the loss stays where an untrained (or barely trained) model stands, `flat` when a run
 * that began low neither falls at its start nor along the way by more than its noise. Nothing is said of a log that
 * begins in the middle of its run.
 */
export function progressEvent(prepared: PreparedRun, signs: LossSigns): CurveEvent | undefined {
  const { curve, levels, gap } = signs
  const n = curve.value.length
  if (n < T.flatLeastPoints || prepared.fragment) return undefined
  // A benchmark run that stops at its target quality has learned what it was to learn.
  if (prepared.saysCompleted) return undefined
  const first = curve.step[0]
  const last = curve.step[n - 1]
  // A piece from the middle of a run falls slowly by right: of its start nothing is known.
  const begins = first <= Math.max(2 * prepared.interval, T.beginsShare * last)
  if (!begins || prepared.isContinued) return undefined
  const fifth = levelsWithin(levels, first, last, 0, 0.2)
  // The first window of a short log ends behind its first fifth.
  const early = fifth.length === 0 ? levels.level.subarray(0, 1) : fifth
  const late = levelsWithin(levels, first, last, 0.8, 1)
  if (late.length === 0) return undefined
  if (validationFalls(prepared, first + (1 - T.stuckSpan) * (last - first))) return undefined
  const level = median(late)
  const range = { fromStep: first, toStep: last, unit: 'nats/token' }
  const start = median(curve.value.slice(0, Math.min(3, n)))
  const later = levelsWithin(levels, first, last, 1 - T.stuckSpan, 0.5)
  const sooner = levelsWithin(levels, first, last, 0, 1 - T.stuckSpan)
  const middle = later.length === 0 ? Number.POSITIVE_INFINITY : mean(later)
  // What a loss that had left its level came back by is not learned: it is held against the best before.
  const hasLeft = later.length > 0 && sooner.length > 0 && middle > median(sooner)
  const best = sooner.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const fallLater = (hasLeft ? Math.min(middle, best) : middle) - level
  const enough = n >= T.plateauLeastPoints || start - level < T.flatStartShare * start
  if (
    enough &&
    start >= T.scratchNats &&
    level >= T.stuckShare * start &&
    fallLater < Math.max(T.plateauShare * level, fallNoise(signs, later.length, late.length))
  )
    return {
      ...range,
      code: 'stuck',
      magnitude: level,
      confidence: 'strong',
      text: hasLeft
        ? `the loss is at ${level.toFixed(2)} nats/token, no lower than sooner (${best.toFixed(2)} at the best; it began at ${start.toFixed(2)})`
        : `the loss stays at ${level.toFixed(2)} nats/token (it began at ${start.toFixed(2)})`,
      cause:
        hasLeft && middle - level > signs.noise.diverged
          ? 'the learning rate is too high: the loss left its level and came back to it, no lower'
          : start - level < 0.1 * start
            ? 'no gradient reaches the weights, or the learning rate is zero'
            : 'a plateau near the unigram loss',
      action:
        'Check that gradients are finite and not zero, that the data are not constant or shuffled within a sequence, and the learning rate.',
    }
  const fall = mean(early) - mean(late)
  const noise = Math.max(signs.noise.level, levels.scatter * Math.sqrt(2 / Math.max(1, 0.2 * n)))
  const initial = start - level
  const isFlat =
    gap.gap < Math.max(T.flatShare * level, 4 * noise) &&
    Math.abs(fall) < Math.max(T.flatShare * level, 2 * noise) &&
    initial < Math.max(T.flatStartShare * level, 3 * levels.scatter)
  if (!isFlat) return undefined
  return {
    ...range,
    code: 'flat',
    magnitude: fall,
    confidence: 'moderate',
    text: `the loss does not move: ${mean(early).toFixed(3)} in the first fifth, ${mean(late).toFixed(3)} in the last (single values scatter by ${levels.scatter.toFixed(2)})`,
    cause: 'nothing is learned, or the loss is at its floor for this data',
    action:
      'Evaluate the model before and after; raise the learning rate or check that the trained parameters receive gradients.',
  }
}
