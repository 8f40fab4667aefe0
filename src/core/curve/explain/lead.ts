import type { Curve } from '../../series/curve.js'
import { indexAt } from '../../series/index-at.js'
import { median, quantile } from '../../stats/quantile.js'
import type { CurveEvent } from '../events/event.js'
import { type GradientOutlier, ZCLIP_START } from '../signs/zclip.js'

/** Growth of the gradient norm ahead of the loss. */
interface Growth {
  readonly fromStep: number
  /** Logged steps ahead of the loss. */
  readonly rows: number
  /** Largest ratio to the usual norm. */
  readonly ratio: number
  readonly usual: number
}

/** Values before a spike that give the usual norm, and the factor that stands out from it. */
const BASE = 32
const LEAD_FACTOR = 3

/** The gradient norm grew before the loss did: its rise up to an index, and its largest value up to the loss's peak. */
function growthBefore(norm: Curve, at: number, peakStep: number): Growth | undefined {
  if (at < 1 || at >= norm.value.length) return undefined
  const before = norm.value.slice(Math.max(0, at - BASE), at)
  const usual = quantile(before, 0.25)
  let from = at
  while (from > 0 && norm.value[from - 1] > LEAD_FACTOR * usual) from--
  if (from === at || !(usual > 0)) return undefined
  let ratio = 0
  for (let i = from; i < norm.value.length && norm.step[i] <= peakStep; i++)
    ratio = Math.max(ratio, norm.value[i] / usual)
  return { fromStep: norm.step[from], rows: at - from, ratio, usual }
}

/** Logged norms before a spike in which outliers count as its forerunners. */
const BEFORE = 10
/** Chance at which so many outliers before a spike are no chance. */
const SIGNIFICANT = 0.01

/** P(at least k) of a Poisson count. */
function poissonTail(k: number, expected: number): number {
  let term = Math.exp(-expected)
  let below = 0
  for (let i = 0; i < k; i++) {
    below += term
    term *= expected / (i + 1)
  }
  return Math.max(0, 1 - below)
}

/** Outliers among the ten norms before a spike. */
interface Forerunners {
  readonly count: number
  readonly fromStep: number
  readonly largest: number
  /** Outliers that ten norms of this run hold on average. */
  readonly usual: number
}

/**
 * Outliers of the gradient norm just before a spike of the loss, where they are more than chance would put there.
 * @param at index of the norm at the spike
 */
export function forerunnersOf(
  norm: Curve,
  outliers: readonly GradientOutlier[],
  at: number,
): Forerunners | undefined {
  if (at <= ZCLIP_START || at >= norm.value.length) return undefined
  const before = outliers.filter((o) => o.index >= at - BEFORE && o.index < at)
  if (before.length === 0) return undefined
  const usual = (BEFORE * outliers.length) / (norm.value.length - ZCLIP_START)
  if (poissonTail(before.length, usual) > SIGNIFICANT) return undefined
  return {
    count: before.length,
    fromStep: before[0].step,
    largest: Math.max(...before.map((o) => o.z)),
    usual,
  }
}

/** Norms before a spike that give the usual one, and the factor that stands out from it. */
const USUAL = 30
const GROWTH = 3

/** Whether the norm at an index stays in its range. */
function staysInRange({ value }: Curve, at: number): boolean {
  return at > USUAL && at < value.length && value[at] < GROWTH * median(value.slice(at - USUAL, at))
}

/** What the gradient norm tells of a rise of the loss; `quiet` where it stays in its range, `unknown` without norms. */
export type Lead =
  | ({ readonly kind: 'growth' } & Growth)
  | ({ readonly kind: 'outliers' } & Forerunners)
  | { readonly kind: 'quiet' | 'unknown' }

/** Events that the gradient norm may have announced. */
const RISES: ReadonlySet<string> = new Set(['spike', 'slow-recovery', 'diverged', 'not-recovered'])

/** Undefined for an event that is no rise of the loss. */
export function leadOf(
  event: CurveEvent,
  norm: Curve,
  outliers: readonly GradientOutlier[],
): Lead | undefined {
  if (!RISES.has(event.code)) return undefined
  const at = indexAt(norm.step, event.fromStep)
  const growth = growthBefore(norm, at, event.toStep)
  if (growth !== undefined) return { kind: 'growth', ...growth }
  const forerunners = forerunnersOf(norm, outliers, at)
  if (forerunners !== undefined) return { kind: 'outliers', ...forerunners }
  return { kind: staysInRange(norm, at) ? 'quiet' : 'unknown' }
}
