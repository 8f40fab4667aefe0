import { blockMedians } from '../../series/block-medians.js'
import type { Curve } from '../../series/curve.js'
import { median } from '../../stats/quantile.js'
import { counted } from '../../text/counted.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

const LEAST = 50

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

/**
 * Gradient norms that are not finite, wherever they stand: the loss may not show it for a while. Where it does, its own
 * event tells.
 */
export function gradientNonFiniteEvent({ step, value }: Curve, loss: Curve): CurveEvent | undefined {
  const told = new Set(loss.step.filter((_, i) => !Number.isFinite(loss.value[i])))
  const bad = step.filter((at, i) => !Number.isFinite(value[i]) && !told.has(at))
  if (bad.length === 0) return undefined
  const [from, to] = [bad[0], bad[bad.length - 1]]
  const rows = step.indexOf(to) - step.indexOf(from) + 1
  const until = to === step[step.length - 1] ? 'the end' : `step ${to}`
  const where =
    bad.length === 1
      ? `at step ${from}`
      : bad.length === rows
        ? `from step ${from} to ${until} (${counted(rows, 'row')})`
        : `in ${bad.length} of the ${rows} rows from step ${from} to ${until}`
  return {
    code: 'gradient-non-finite',
    fromStep: from,
    toStep: to,
    magnitude: bad.length,
    unit: 'rows',
    confidence: 'weak',
    text: `the gradient norm is not finite ${where}`,
    cause: 'an overflow in half precision or in the backward pass; steps may have been skipped for it',
    action: 'Check that the parameters are finite; use bfloat16, or a lower learning rate with clipping.',
  }
}
