import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.js'
import type { Curve } from '../../series/curve.js'
import { earlyWarning } from './early-warning.js'

const SEEN = 2000
const random = createRandom(7)
const noise = Float64Array.from({ length: 2 * SEEN }, () => random.normal())
/** Falls to 3, jumps to 4.2 at step 1,500. */
const common = (i: number): number => (i < 1500 ? 3 + 7 * Math.exp(-i / 200) : 4.2) + 0.1 * noise[i]

function curveOf(n: number, after: (i: number) => number): Curve {
  const step = Float64Array.from({ length: n }, (_, i) => i)
  return {
    step,
    value: step.map((i) => (i < SEEN ? common(i) : after(i))),
  }
}

describe('the early warning', () => {
  it('is the same whatever follows the step that it names', () => {
    const short = curveOf(SEEN, common)
    const found = earlyWarning(short, short, SEEN)
    expect(found).toMatchObject({ sign: 'loss level raised' })
    expect(found?.step).toBeGreaterThan(1500)
    // Two windows of 1 % of what was seen, half a window of a median's lag, and up to 2 % until the next look.
    expect(found?.step).toBeLessThan(1500 * 1.06)
    for (const after of [(i: number) => 6 + 0.1 * noise[i], (i: number) => 6 + 3 * noise[i], () => 2]) {
      const long = curveOf(2 * SEEN, after)
      expect(earlyWarning(long, long, SEEN)?.step).toBe(found?.step)
    }
  })

  it('is silent for a run that falls', () => {
    const run = curveOf(1500, common)
    expect(earlyWarning(run, run, 1500)).toBeUndefined()
  })

  it('names the third loss in a row that is not finite', () => {
    const all = curveOf(100, common)
    for (const i of [10, 11, 50, 51, 52]) all.value[i] = Number.NaN
    const kept = [...all.value.keys()].filter((i) => Number.isFinite(all.value[i]))
    const curve = {
      step: Float64Array.from(kept),
      value: Float64Array.from(kept, (i) => all.value[i]),
    }
    expect(earlyWarning(all, curve, 99)).toEqual({ step: 52, share: 52 / 99, sign: 'loss not finite' })
  })
})
