import { describe, expect, it } from 'vitest'
import type { TrainingRun } from '../../evidence/index.js'
import { createRandom } from '../../random/index.js'
import { judgeRun } from '../judge-run.js'

const none = new Float64Array(0)
const STEPS = 4000
const AT = 1200

/** A run that goes on learning (from 8 to 4 nats), with a spike of five steps that leaves `mark` nats. */
function runOf(mark: number, seed: number): TrainingRun {
  const random = createRandom(seed)
  const loss = Array.from({ length: STEPS }, (_, i) => {
    const spike = i >= AT && i < AT + 5 ? 2 : 0
    return 2 + 8 * (1 + i / 100) ** -0.4 + 0.04 * random.normal() + spike + (i >= AT ? mark : 0)
  })
  return {
    id: 'run',
    format: 'test',
    source: 'test.log',
    step: Float64Array.from(loss.keys()),
    tokens: none,
    loss: Float64Array.from(loss),
    validationLoss: none,
    gradNorm: none,
    learningRate: none,
    seconds: none,
    line: Float64Array.from(loss.keys(), (i) => i + 1),
    nonFinite: [],
    notes: [],
  }
}

describe('what a spike leaves', () => {
  it.each([1, 2, 3])('is found though the run passes its best level again (seed %i)', (seed) => {
    const { verdict, events } = judgeRun(runOf(0.5, seed))
    expect(verdict).toBe('spiked-not-recovered')
    const lasting = events.find((e) => e.code === 'not-recovered')
    expect(lasting).toMatchObject({ fromStep: AT, toStep: STEPS - 1, unit: 'nats/token' })
    // ± .15: the law's exponent and the mark are fitted together.
    expect(Math.abs((lasting?.magnitude ?? 0) - 0.5)).toBeLessThan(0.15)
    // The rest of the run is what it cost.
    expect(lasting?.cost?.steps).toBe(STEPS - 1 - AT)
  })

  it.each([1, 2, 3])('is nothing when the spike came back (seed %i)', (seed) => {
    expect(judgeRun(runOf(0, seed)).verdict).toBe('healthy-with-spikes')
  })
})
