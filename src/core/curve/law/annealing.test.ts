import { describe, expect, it } from 'vitest'
import { annealing } from './annealing.js'
import { LAMBDAS } from './law.js'

/** S1 and S2 by their definition, one step at a time. */
function exact(
  rateAt: (step: number) => number,
  peak: number,
  last: number,
  lambda: number,
): [number, number] {
  let [s1, momentum, s2] = [0, 0, 0]
  let previous = rateAt(0)
  for (let step = 0; step <= last; step++) {
    const rate = rateAt(step)
    s1 += rate
    momentum *= lambda
    if (step > peak) momentum += previous - rate
    s2 += momentum
    previous = rate
  }
  return [s1, s2]
}

const cosine =
  (warmup: number, end: number) =>
  (step: number): number =>
    step < warmup ? (step + 1) / warmup : 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / (end - warmup)))
const wsd =
  (end: number) =>
  (step: number): number =>
    Math.min(1, (step + 1) / 2000, Math.max(0, (10 * (end - step)) / end))

const relative = (found: number, truth: number): number => Math.abs(found / truth - 1)

describe('S1 and S2', () => {
  it.each([20_000, 99_999])('are the sums of their definition for %i steps', (last) => {
    const rate = cosine(700, last)
    const { s1, s2 } = annealing(rate, 700, [last])
    LAMBDAS.forEach((lambda, l) => {
      const [one, two] = exact(rate, 700, last, lambda)
      expect(relative(s1[0], one)).toBeLessThan(1e-9)
      expect(relative(s2[l][0], two)).toBeLessThan(1e-9)
    })
  })

  it.each([
    [300_000, cosine(2000, 300_000), 2000],
    [5_000_000, cosine(2000, 5_000_000), 2000],
    [1_000_000, wsd(1_000_000), 2000],
  ])('stay within 0.1 %% of it for %i steps, and at steps on the way', (last, rate, peak) => {
    const wanted = [0.5 * last, 0.93 * last, last]
    const { s1, s2 } = annealing(rate, peak, wanted)
    LAMBDAS.forEach((lambda, l) => {
      wanted.forEach((step, i) => {
        const [one, two] = exact(rate, peak, step, lambda)
        expect(relative(s1[i], one)).toBeLessThan(1e-3)
        if (two === 0) expect(s2[l][i]).toBe(0)
        else expect(relative(s2[l][i], two)).toBeLessThan(1e-3)
      })
    })
  })

  it('at a step are the same however far the walk goes on', () => {
    const rate = cosine(2000, 5_000_000)
    const half = annealing(rate, 2000, [2_500_000])
    const whole = annealing(rate, 2000, [2_500_000, 4_000_000, 5_000_000])
    expect(whole.s1[0]).toBe(half.s1[0])
    expect(whole.s2.map((s) => s[0])).toEqual(half.s2.map((s) => s[0]))
  })
})
