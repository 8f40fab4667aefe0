import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.js'
import { Course } from './course.js'
import { fitMultiPower, PUBLISHED, priorOf } from './fit-multi-power.js'
import { multiPower, P } from './multi-power.js'
import { NearSchedules } from './near-schedules.js'

/** At the peak for 6,000 steps, then a tenth of it: the course of a two-stage schedule. */
const twoStage = (step: number): number => (step < 6000 ? 1 : 0.1)
const linear = (step: number): number => (step < 6000 ? 1 : Math.max(0.1, 1 - (0.9 * (step - 6000)) / 2000))
const courseOf = (rateAt: (step: number) => number, end: number, peakStep = 0, unlogged = 0): Course =>
  new Course({ rateAt, peakStep, unlogged }, end)
const THETA = Float64Array.of(3, 3.2, 0.46, -2, -2.1, 0.6, 0.65, 0.3)

describe('the multi-power law', () => {
  it('is its formula, for one fall', () => {
    const course = courseOf(twoStage, 8000)
    const s = course.sumAt(7000)
    // 6,000 steps at 1 (and one of step 0, half of the last one at .55), a thousand at .1.
    expect(s).toBeCloseTo(6000 + 100, -1)
    const out = new Float64Array(1)
    multiPower(THETA, course, Float64Array.of(s), out, null)
    const fallen = s - course.falls.sum[0]
    const G = 1 - (1 + Math.exp(-2.1) * 0.1 ** -0.65 * fallen) ** -0.6
    expect(out[0]).toBeCloseTo(3 + Math.exp(3.2) * s ** -0.46 - Math.exp(-2) * 0.9 * G, 10)
  })

  it('has the slopes that central differences have', () => {
    const course = courseOf(linear, 8000, 500, 800)
    const sums = Float64Array.of(1000, 6100, 6800)
    const [loss, up, down] = [0, 1, 2].map(() => new Float64Array(3))
    const slopes = new Float64Array(3 * P)
    multiPower(THETA, course, sums, loss, slopes)
    for (let p = 0; p < P; p++) {
      const moved = (by: number): Float64Array => THETA.map((v, i) => (i === p ? v + by : v))
      multiPower(moved(1e-6), course, sums, up, null)
      multiPower(moved(-1e-6), course, sums, down, null)
      for (let i = 0; i < 3; i++) expect(slopes[i * P + p]).toBeCloseTo((up[i] - down[i]) / 2e-6, 6)
    }
  })

  it('sums what a walk over every step sums', () => {
    const course = courseOf(linear, 9000)
    let sum = 0
    for (let step = 0; step <= 7777; step++) sum += linear(step)
    // A trapezoid counts half of the last step's rate.
    expect(Math.abs(course.sumAt(7777) - sum)).toBeLessThan(1)
  })
})

describe('its fit', () => {
  const random = createRandom(16)
  /** Losses that follow the law, with noise of .002. */
  const run = (rateAt: (step: number) => number, last: number) => {
    const course = courseOf(rateAt, 8000)
    const sums = Float64Array.from({ length: 80 }, (_, i) => course.sumAt(500 + ((last - 500) * i) / 79))
    const loss = new Float64Array(80)
    multiPower(THETA, course, sums, loss, null)
    return { course, sums, loss: loss.map((l) => l + 0.002 * random.normal()) }
  }
  const endOf = (course: ReturnType<typeof courseOf>): Float64Array => Float64Array.of(course.sumAt(8000))

  it('to two schedules foretells a third', () => {
    const fit = fitMultiPower([run(twoStage, 8000), run(() => 1, 8000)])
    if (fit === undefined) throw new Error('no fit')
    const course = courseOf(linear, 8000)
    const truth = new Float64Array(1)
    multiPower(THETA, course, endOf(course), truth, null)
    const { loss, variance } = fit.lossesAt(course, endOf(course))
    expect(Math.abs(loss[0] - truth[0])).toBeLessThan(0.01)
    expect(Math.abs(loss[0] - truth[0])).toBeLessThan(3 * Math.sqrt(variance[0]))
  })

  it('to a run whose rate has not fallen knows of a fall by its prior, and how little that is', () => {
    const flat = run(linear, 5500)
    const fit = fitMultiPower([flat])
    if (fit === undefined) throw new Error('no fit')
    const { variance } = fit.lossesAt(flat.course, endOf(flat.course))
    const here = fit.lossesAt(flat.course, flat.sums.subarray(79)).variance
    expect(variance[0]).toBeGreaterThan(100 * here[0])
  })

  it('knows what two schedules differ by better than either', () => {
    const fit = fitMultiPower([run(twoStage, 8000), run(() => 1, 8000)])
    if (fit === undefined) throw new Error('no fit')
    const [a, b] = [twoStage, linear].map((rates) => {
      const course = courseOf(rates, 8000)
      return { course, sum: course.sumAt(8000) }
    })
    const [first, second] = [a, b].map(({ course, sum }) => fit.lossesAt(course, Float64Array.of(sum)))
    expect(fit.deviationOf(a, a)).toBe(0)
    expect(fit.deviationOf(a, b) ** 2).toBeLessThan(first.variance[0] + second.variance[0])
  })

  it('takes from the published sizes what is said of them', () => {
    // 25M: B·η = 364 · 3e-4 = .1092; α·A·(6)^(−α) = .51 · .53 · 6^(−.51) = .1084, a ratio of 1.007.
    expect(Math.exp(priorOf([PUBLISHED['25M']]).logRatio)).toBeCloseTo(1.007, 2)
  })

  it('is corrected by what it missed at the end of a near schedule, and by none that is far', () => {
    const [flat, stage] = [run(() => 1, 8000), run(twoStage, 8000)]
    const fit = fitMultiPower([flat, stage])
    if (fit === undefined) throw new Error('no fit')
    // The two-stage run ends .03 nats above what the law says.
    const expected = fit.lossesAt(stage.course, stage.sums.subarray(-1)).loss[0]
    const near = new NearSchedules(fit, [{ ...stage, loss: stage.loss.with(-1, expected + 0.03) }])
    // Itself: weight 1 beside a doubt of .2.
    expect(near.at(stage.course).residual).toBeCloseTo(0.03 / 1.2, 12)
    expect(near.at(stage.course).left).toBeCloseTo(Math.sqrt(0.2 / 1.2), 12)
    // Rates .9 apart over a quarter of the run: exp(−½·(.45/.1)²) = 4e-5.
    expect(near.at(flat.course).residual).toBeCloseTo(0, 4)
    expect(near.at(flat.course).left).toBeCloseTo(1, 3)
  })
})
