import { describe, expect, it } from 'vitest'
import type { RatePlan, TrainingRun } from '../../evidence/index.js'
import { prepare } from '../prepare/prepare.js'
import { plannedRates } from './planned-rates.js'
import { recogniseSchedule } from './recognise.js'

const none = new Float64Array(0)

/** A hundred rows, ten steps apart, at a rate; without one the log tells none. */
function planned(rate: number | undefined, plan?: RatePlan, plannedSteps?: number) {
  const step = Float64Array.from({ length: 100 }, (_, i) => 10 * i)
  const run: TrainingRun = {
    id: 'run',
    format: 'test',
    source: 'test',
    step,
    line: step,
    loss: step.map((s) => 3 + 5 / Math.sqrt(1 + s)),
    learningRate: rate === undefined ? none : step.map(() => rate),
    tokens: none,
    validationLoss: none,
    gradNorm: none,
    seconds: none,
    nonFinite: [],
    notes: [],
    ...(plan === undefined ? {} : { plan }),
    ...(plannedSteps === undefined ? {} : { plannedSteps }),
  }
  const prepared = prepare(run)
  return plannedRates(prepared, recogniseSchedule(prepared.learningRate))
}

describe('rates to come', () => {
  it('are those of today where nobody says more, and that is said', () => {
    const rates = planned(3e-4, undefined, 2000)
    expect(rates).toMatchObject({ target: 2000, schedule: 'constant', assumed: true, known: true })
    expect(rates.rateAt(2000)).toBeCloseTo(1, 9)
  })

  it.each([
    ['linear', 0.55],
    ['cosine', 0.55],
    // 1 − √½ of the way from .1 to 1 is left, and √(1 · .1).
    ['sqrt', 0.1 + 0.9 * (1 - Math.SQRT1_2)],
    ['exp', Math.sqrt(0.1)],
  ] as const)('go down by %s over the last steps, a share of the peak', (kind, half) => {
    const rates = planned(3e-4, { untilStep: 2000, decay: { kind, steps: 400, end: 0.1 } })
    expect(rates).toMatchObject({ target: 2000, schedule: `${kind}:400:0.1`, assumed: false })
    expect([1600, 1800, 2000].map(rates.rateAt)).toEqual([1, half, 0.1].map((r) => expect.closeTo(r, 9)))
  })

  it('begin to fall now where no end is told', () => {
    const rates = planned(undefined, { decay: { kind: 'linear', steps: 200, end: 0 } })
    expect(rates).toMatchObject({ target: 1190, known: true })
    expect(rates.rateAt(1090)).toBeCloseTo(0.5)
  })

  it('are as planned point by point, as logged within the log', () => {
    const points = { step: Float64Array.of(0, 1000, 3000), rate: Float64Array.of(6e-4, 6e-4, 0) }
    const rates = planned(3e-4, { points })
    // The peak is the plan's: the log's rates are half of it.
    expect([500, 2000, 3000].map(rates.rateAt)).toEqual([0.5, 0.5, 0])
    expect(rates).toMatchObject({ target: 3000, schedule: 'plan', assumed: false })
  })

  it('end no sooner than the log', () => {
    const { target, differs } = planned(3e-4, { untilStep: 500 })
    expect([target, differs.length]).toEqual([990, 1])
    expect(differs[0]).toMatch(/ends at step 500, .* gone on to 990: the log’s end is taken/)
  })

  // The log: a rate of 3e-4 at steps 0 to 990, of 2000 where a plan is logged.
  it.each([
    [
      'another end than the log',
      { untilStep: 3000 },
      /ends at step 3000, and the log itself at 2000: 3000 is taken/,
    ],
    // Linearly from step 500 on to 0 at 1000: a hundredth is left at 990.
    [
      'a decay that the log does not show',
      { untilStep: 1000, decay: { kind: 'linear', steps: 500, end: 0 } },
      /by --decay .* at step 990, and the log has/,
    ],
    [
      'a plan at other rates',
      { points: { step: Float64Array.of(0, 2000), rate: Float64Array.of(6e-4, 6e-4) } },
      /by --plan the rate is 0.000600 at step 990, and the log has 0.000300/,
    ],
  ] as const)('say so where they contradict the log: %s', (_, plan, text) => {
    expect(planned(3e-4, plan, 2000).differs.join('; ')).toMatch(text)
  })

  it('say nothing where they agree with the log', () => {
    const points = { step: Float64Array.of(0, 1000, 2000), rate: Float64Array.of(3e-4, 3e-4, 0) }
    const decay = { kind: 'linear', steps: 500, end: 0 } as const
    for (const plan of [{ points }, { untilStep: 2000, decay }, { decay }, { untilStep: 2000 }])
      expect(planned(3e-4, plan, 2000).differs).toEqual([])
  })

  it('would fall from the end of the log on, where they have not begun to', () => {
    const { now } = planned(3e-4)
    // A tenth of 990 steps, linearly to a tenth.
    expect(now).toMatchObject({ target: 1089, schedule: 'linear:99:0.1', assumed: true })
    expect(now?.rateAt(1089)).toBeCloseTo(0.1)
    expect(planned(undefined).now).toBeUndefined()
  })
})
