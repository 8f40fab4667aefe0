import type { Curve } from '../../series/curve.js'
import { counted } from '../../text/counted.js'
import type { CurveEvent } from './event.js'

/**
 * Losses that are not finite: at the end of the run a divergence, in between a stretch that came back. Evaluations that
 * never give a finite value are a weak sign: they speak of the evaluation rather than of the run.
 */
export function nonFiniteEvents(loss: Curve, name = 'loss'): CurveEvent[] {
  const out: CurveEvent[] = []
  const { value, step } = loss
  const isValidation = name !== 'loss'
  for (let i = 0; i < value.length; i++) {
    if (Number.isFinite(value[i])) continue
    let to = i
    while (to + 1 < value.length && !Number.isFinite(value[to + 1])) to++
    const atEnd = to === value.length - 1
    const rows = to - i + 1
    out.push({
      code: atEnd ? 'non-finite' : 'spike',
      fromStep: step[i],
      toStep: step[to],
      magnitude: rows,
      unit: 'rows',
      confidence: isValidation && rows === value.length ? 'weak' : 'strong',
      text: atEnd
        ? `the ${name} is not finite from step ${step[i]} to the end (${counted(rows, 'row')})`
        : `the ${name} is not finite at ${to === i ? `step ${step[i]}` : `steps ${step[i]}–${step[to]}`}, then comes back`,
      cause:
        isValidation && rows === value.length
          ? 'an evaluation without a target (an empty set, every label masked), or an overflow in it'
          : 'an overflow: half-precision range, or a learning rate past the edge of stability',
      action:
        'Go back to a checkpoint before it; lower the learning rate, clip the gradient, or use bfloat16.',
    })
    i = to
  }
  return out
}
