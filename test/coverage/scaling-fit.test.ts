import { describe, expect, it } from 'vitest'
import { createRandom, FORMS, fitByName, type ScalingForm } from '../../src/core/index.js'
import { measuredQuantity, toRow } from '../../src/core/scaling/by-name/quantities.js'
import { LOG_INPUTS } from '../../src/core/scaling/form.js'

/**
 * A form's own example, planted on rows drawn over its ranges with normal noise in the scale of the fit; then how
 * often 80 % intervals hold the planted parameters and the law's value at five times the largest inputs.
 */
function coverage(id: string, n: number, noise: number, trials: number): { parameters: number; at: number } {
  const form = FORMS.find((f) => f.id === id) as ScalingForm
  const { theta, ranges } = form.example
  const quantity = measuredQuantity(form.response)
  const lawAt = (inputs: ArrayLike<number>): number =>
    form.evaluate(
      theta,
      form.inputs.map((input, i) => toRow(input, inputs[i])),
      null,
    )
  const far = ranges.map(([, high], i) => (LOG_INPUTS.has(form.inputs[i]) ? 5 * high : high))
  const truth = quantity.fromResponse(lawAt(far), 0)
  const tally = { hits: 0, of: 0, at: 0 }
  for (let seed = 1; seed <= trials; seed++) {
    const random = createRandom(seed).derive(`coverage of ${id}`)
    const inputs = Array.from({ length: n }, () =>
      Float64Array.from(ranges, ([low, high], i) => {
        const share = random.uniform()
        return LOG_INPUTS.has(form.inputs[i]) ? low * (high / low) ** share : low + share * (high - low)
      }),
    )
    const made = fitByName(
      form,
      {
        inputs,
        measured: Float64Array.from(inputs, (x) =>
          quantity.fromResponse(lawAt(x) + noise * random.normal(), 0),
        ),
        runs: Int32Array.from(inputs, (_, i) => i),
        chance: 0,
      },
      {
        at: new Map(form.inputs.map((input, i) => [input, far[i]])),
        budget: null,
        level: 0.8,
        resamples: 150,
      },
      random,
    )
    made.parameters.forEach(({ low, high }, a) => {
      tally.of++
      if (low !== null && high !== null && low <= theta[a] && theta[a] <= high) tally.hits++
    })
    const { at } = made
    if (at.kind === 'estimate' && at.interval.low <= truth && truth <= at.interval.high) tally.at++
  }
  return { parameters: tally.hits / tally.of, at: tally.at / trials }
}

describe('80 % intervals of a form fitted by name', () => {
  // Of 100 independent trials at 80 % a share lies within ± 2.5 standard errors, 10 points, 99 times of 100.
  it.each([
    ['chinchilla', 14, 0.005],
    ['over-training', 16, 0.01],
    ['direct', 6, 0.05],
    ['transfer', 8, 0.1],
    ['updates-to-data', 8, 0.05],
  ])(
    'of %s on %d rows hold 70–92 % (100 trials)',
    (id, n, noise) => {
      const { parameters, at } = coverage(id, n, noise, 100)
      for (const share of [parameters, at]) {
        expect(share).toBeGreaterThanOrEqual(0.7)
        expect(share).toBeLessThanOrEqual(0.92)
      }
    },
    120_000,
  )
})
