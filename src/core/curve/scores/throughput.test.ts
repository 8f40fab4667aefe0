import { describe, expect, it } from 'vitest'
import { runOf } from '../../../../test/run-of.js'
import { prepare } from '../prepare/prepare.js'
import { type Throughput, throughputOf } from './throughput.js'

/** Speed of a run of 1,000 tokens a step; the first time is the compilation's and not used. */
function speedOf(times: readonly number[]): Throughput {
  const seconds = Float64Array.of(9, ...times)
  const made = throughputOf(prepare(runOf([...seconds.keys()], { seconds, tokensPerStep: 1000 })))
  if (made === undefined) throw new Error('too few times')
  return made
}

describe('throughputOf', () => {
  it('gives tokens per second between the ends of the step time', () => {
    // Half of the steps take 1.9 s, half 2.1 s: mean 2, sample deviation .1·√(20/19), standard error that over √20.
    const { tokensPerSecond } = speedOf(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1.9 : 2.1)))
    if (tokensPerSecond.kind !== 'estimate') throw new Error(tokensPerSecond.reason)
    const spread = (1.959964 * 0.1) / Math.sqrt(19)
    expect(tokensPerSecond.value).toBeCloseTo(500, 6)
    expect(tokensPerSecond.interval.low).toBeCloseTo(1000 / (2 + spread), 6)
    expect(tokensPerSecond.interval.high).toBeCloseTo(1000 / (2 - spread), 6)
  })

  it('gives no tokens per second when step times scatter as widely as they are long', () => {
    // Nineteen steps of 1 s and one of 20: mean 1.95, deviation 4.25, so 1.96 standard errors are 1.86 s.
    const { secondsPerStep, tokensPerSecond } = speedOf([...Array.from({ length: 19 }, () => 1), 20])
    expect(secondsPerStep).toMatchObject({ kind: 'estimate', value: 1 })
    expect(tokensPerSecond).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('scatter too much'),
    })
  })
})
