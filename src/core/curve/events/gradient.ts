import { median, quantile } from '../../stats/quantile.js'
import { blockMedians, type Curve, indexAt } from '../prepare/curve.js'
import { forerunnersOf, type GradientOutlier } from '../signs/zclip.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

const LEAST = 50
/** Values before a spike that give the usual norm, and the factor that stands out from it. */
const BASE = 32
const LEAD_FACTOR = 3

/**
 * The gradient norm grew before the loss did: first step of the rise, how many logged steps ahead of the loss, and
 * the largest ratio to the usual norm. Undefined without a lead.
 */
export function gradientLead(
  norm: Curve,
  spikeStep: number,
  peakStep: number,
): { fromStep: number; rows: number; ratio: number; usual: number } | undefined {
  const at = indexAt(norm, spikeStep)
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

/**
 * Growth of the gradient norm: median of the last tenth against the quietest tenth after the first fifth. It leads a
 * divergence (BLOOM-176B: .24 → .95 → 2.4 → 16 → 145 → 960 before its spike, docs/methods/curve.md#gradient-norm).
 */
export function gradientEvent(curve: Curve): CurveEvent | undefined {
  const n = curve.value.length
  if (n < LEAST) return undefined
  const points = blockMedians(curve, 200)
  const m = points.value.length
  const tenth = Math.max(1, Math.floor(m / 10))
  let least = Number.POSITIVE_INFINITY
  let at = 0
  for (let i = Math.floor(m / 5); i + tenth <= m; i++) {
    const level = median(points.value.slice(i, i + tenth))
    if (level < least) {
      least = level
      at = i
    }
  }
  const end = median(points.value.slice(m - tenth))
  const growth = end / least
  if (!(least > 0) || growth < T.gradientGrowth) return undefined
  return {
    code: 'gradient-growth',
    fromStep: points.step[at],
    toStep: points.step[m - 1],
    magnitude: growth,
    unit: 'ratio',
    confidence: 'weak',
    text: `the gradient norm grows ${growth.toFixed(1)}-fold, from ${least.toPrecision(2)} to ${end.toPrecision(2)}`,
    cause: 'growing activations or logits, or a learning rate near the edge of stability',
    action:
      'Watch the output-layer and attention logits; clip the gradient or lower the learning rate before the loss follows.',
  }
}

const MOST_LEADS = 5

const LEADS_TO: ReadonlySet<string> = new Set(['spike', 'slow-recovery', 'diverged', 'not-recovered'])

function growthEvent(norm: Curve, e: CurveEvent): CurveEvent | undefined {
  const lead = gradientLead(norm, e.fromStep, e.toStep)
  if (lead === undefined) return undefined
  return {
    code: 'gradient-growth',
    fromStep: lead.fromStep,
    toStep: e.fromStep,
    magnitude: lead.ratio,
    unit: 'ratio',
    confidence: 'weak',
    text: `the gradient norm leaves its usual ${lead.usual.toPrecision(2)} at step ${lead.fromStep}, ${lead.rows} logged step${lead.rows === 1 ? '' : 's'} before the loss rises, and reaches ${lead.ratio.toPrecision(3)} times that`,
    cause: 'growing activations or logits: the norm leads the loss',
    action: 'Clip or skip steps on the gradient norm (ZClip), and alert on it: it would have warned first.',
  }
}

function outliersEvent(
  norm: Curve,
  outliers: readonly GradientOutlier[],
  e: CurveEvent,
): CurveEvent | undefined {
  const found = forerunnersOf(norm, outliers, e.fromStep)
  if (found === undefined) return undefined
  return {
    code: 'gradient-outliers',
    fromStep: found.fromStep,
    toStep: e.fromStep,
    magnitude: found.largest,
    unit: 'deviations',
    confidence: 'weak',
    text: `${found.count} of the 10 gradient norms before the loss rises at step ${e.fromStep} are outliers (ZClip; ${found.usual.toPrecision(2)} are usual in this run), the largest by ${found.largest.toPrecision(2)} deviations`,
    cause: 'instability that builds up: the norm leads the loss',
    action: 'Clip on the running mean and deviation of the gradient norm (ZClip) instead of a fixed bound.',
  }
}

/** A warning for every spike or divergence that the gradient norm announced, by growth or by outliers. */
export function leadEvents(
  norm: Curve,
  outliers: readonly GradientOutlier[],
  events: readonly CurveEvent[],
): CurveEvent[] {
  return events
    .filter((e) => LEADS_TO.has(e.code))
    .flatMap((e) => {
      const found = growthEvent(norm, e) ?? outliersEvent(norm, outliers, e)
      return found === undefined ? [] : [found]
    })
    .slice(0, MOST_LEADS)
}
