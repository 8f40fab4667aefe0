import { describe, expect, it } from 'vitest'
import { estimated } from '../../../test/estimated.js'
import type { ScoredDocument, SurprisalEvidence } from '../evidence/index.js'
import { createRandom } from '../random/index.js'
import { contextCurve } from './context-gain.js'

const LEVEL = 0.95

/** Documents whose loss at a position is told. */
function scored(
  count: number,
  length: number,
  window: number,
  loss: (position: number, document: number) => number,
) {
  const document = (d: number): ScoredDocument => ({
    domain: 'd',
    document: `d${d}`,
    bytes: length,
    words: length,
    tokens: new Int32Array(length),
    byteLengths: new Int32Array(length).fill(1),
    // Disjoint windows; the last is filled backwards, so that its tokens have more before them.
    logLikelihoods: Float64Array.from({ length }, (_, i) => {
      const last = i >= Math.floor(length / window) * window && length > window
      return -loss(last ? window - (length - 1 - i) : (i % window) + 1, d)
    }),
  })
  const protocol = { window } as SurprisalEvidence['protocol']
  return { documents: Array.from({ length: count }, (_, d) => document(d)), protocol }
}

describe('contextCurve', () => {
  it('is what a loss that falls with the position loses between early and late', () => {
    // Loss 5 − position/100: early 6 to 15 (mean 10.5), late 91 to 100 (mean 95.5).
    const curve = contextCurve(
      scored(20, 100, 256, (p, d) => 5 + d / 10 - p / 100),
      createRandom(1),
      LEVEL,
    )!
    expect([curve.early, curve.late]).toEqual([
      { from: 6, to: 15 },
      { from: 91, to: 100 },
    ])
    expect(estimated(curve.gain).value).toBeCloseTo(0.85)
    expect(curve.points.map((p) => p.positions.from)).toEqual([1, 2, 4, 8, 16, 32, 64])
  })

  it('reads positions off the windows: 50 tokens of context at most in windows of 50', () => {
    const curve = contextCurve(
      scored(10, 180, 50, (p) => 5 - p / 100),
      createRandom(1),
      LEVEL,
    )!
    expect(curve.late).toEqual({ from: 46, to: 50 })
    // Early 3 to 7 (mean 5), late 46 to 50 (mean 48).
    expect(estimated(curve.gain).value).toBeCloseTo(0.43)
  })

  it('holds 0 where context does nothing', () => {
    const noise = createRandom(5)
    const curve = contextCurve(
      scored(30, 300, 256, () => 5 + noise.normal()),
      createRandom(1),
      LEVEL,
    )!
    const { interval } = estimated(curve.gain)
    expect(interval.low).toBeLessThan(0)
    expect(interval.high).toBeGreaterThan(0)
  })

  it('says why it has none', () => {
    expect(
      contextCurve(
        scored(0, 10, 10, () => 1),
        createRandom(1),
        LEVEL,
      ),
    ).toBeUndefined()
    const short = contextCurve(
      scored(5, 20, 256, () => 1),
      createRandom(1),
      LEVEL,
    )!
    expect(short.gain).toMatchObject({ kind: 'notEstimable', reason: expect.stringContaining('20 tokens') })
    const single = contextCurve(
      scored(1, 100, 256, () => 1),
      createRandom(1),
      LEVEL,
    )!
    expect(single.gain.kind).toBe('notEstimable')
  })
})
