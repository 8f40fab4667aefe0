import type { Arm, GainDesign, Group, Split } from './outcomes.js'
import { groupOf } from './outcomes.js'

/**
 * Training examples at which a curve reaches a level: `n`; `first` where its smallest size is there already, so that
 * fewer may do; `never` where its largest is not there, so that more are needed, if any number does.
 */
export type Reach = { readonly kind: 'n' | 'first' | 'never'; readonly n: number }

/** Non-decreasing means by pooling adjacent violators, all sizes weighted alike. Shape (k) → (k). */
export function isotonic(values: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = []
  for (const value of values) {
    let block = { sum: value, count: 1 }
    for (;;) {
      const before = blocks.at(-1)
      if (before === undefined || before.sum / before.count <= block.sum / block.count) break
      blocks.pop()
      block = { sum: before.sum + block.sum, count: before.count + block.count }
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count))
}

/** Errors below this are as good as none: their logarithm would only tell of rounding. */
const LEAST_ERROR = 1e-3

const logError = (score: number): number => Math.log(Math.max(LEAST_ERROR, 1 - score))

/**
 * Examples at which scores reach a level, by straight lines of ln(1 − score) in ln n between the measured sizes; scores that
 * fall with n are pooled first. (Straight lines of the scores themselves read up to a tenth too many examples off curves
 * that fall as a power, between sizes that differ by four.)
 *
 * @param n      ascending, > 0, shape (k)
 * @param scores shape (k)
 */
export function reachOf(n: readonly number[], scores: readonly number[], level: number): Reach {
  const rising = isotonic(scores)
  const at = rising.findIndex((score) => score >= level)
  if (at < 0) return { kind: 'never', n: n[n.length - 1] }
  if (at === 0) return { kind: 'first', n: n[0] }
  const fall = logError(rising[at - 1]) - logError(rising[at])
  const share = fall > 0 ? (logError(rising[at - 1]) - logError(level)) / fall : 1
  return { kind: 'n', n: Math.exp(Math.log(n[at - 1]) + share * Math.log(n[at] / n[at - 1])) }
}

/** Examples at which an arm's curve reaches a level, at the sizes that it has. */
export function curveReach(curve: readonly Group[], mean: (group: Group) => number, level: number): Reach {
  return reachOf(
    curve.map((g) => g.n),
    curve.map(mean),
    level,
  )
}

/** Groups of an arm on a split at those of the design's sizes that it has. */
export function curveGroups(design: GainDesign, arm: Arm, split: Split): Group[] {
  return design.sizes.map((n) => groupOf(design, arm, n, split)).filter((g) => g !== undefined)
}
