import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { analyseCapabilities, salienceData } from './analyse.js'
import { SALIENCE_ESTIMATORS } from './estimators/index.js'
import type { LossTable } from './loss-table.js'
import { ProfileSum, profilesOf } from './profiles.js'
import { spanWeightsOf } from './span-salience.js'
import { salientSpans, signStability } from './span-stability.js'
import { applyVector, salienceVector } from './vector.js'

const MODELS = 40
// Claims where there is no gain, and coverage: test/salience/simulations.test.ts
const SPANS = 200
const PLANTED = 10

/** Models in families of two; the planted spans share a factor whose deviation equals the spans' own noise. */
function planted(seed: number, effect: number): { table: LossTable; y: Float64Array } {
  const random = createRandom(seed)
  const factors = Array.from({ length: MODELS }, () => 0.05 * random.normal())
  const levels = Array.from({ length: MODELS }, () => 1 + 0.2 * random.normal())
  const losses = levels.map((level, m) =>
    Float64Array.from(
      { length: SPANS },
      (_, u) => level + 0.05 * random.normal() + (u < PLANTED ? factors[m] : 0),
    ),
  )
  return {
    table: {
      models: levels.map((_, m) => ({ id: `m${m}`, family: `f${m >> 1}`, params: null, tokens: null })),
      spans: Array.from({ length: SPANS }, (_, u) => ({
        document: 'd',
        domain: '',
        bytes: { start: 256 * u, end: 256 * (u + 1) },
      })),
      losses,
    },
    y: Float64Array.from(
      levels,
      (level, m) => 0.9 - 0.3 * level - effect * factors[m] + 0.003 * random.normal(),
    ),
  }
}

const estimators = SALIENCE_ESTIMATORS.filter((e) => e.role !== 'shown')
const request = { level: 0.9, skillAt: [], repeats: 0, estimators }

function analysed(seed: number, effect: number) {
  const { table, y } = planted(seed, effect)
  const data = salienceData(table)
  const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
  return { data, y, result: analyseCapabilities(data, [input], request, createRandom(seed))[0] }
}

describe('profiles', () => {
  it('of blocks are those of the whole', () => {
    const random = createRandom(3)
    const losses = Array.from({ length: 4 }, () => Float64Array.from({ length: 50 }, () => random.uniform()))
    const weights = Float64Array.from({ length: 50 }, () => 1 + random.integer(300))
    const whole = profilesOf(losses, weights)
    const sum = new ProfileSum(4)
    for (const [from, to] of [
      [0, 7],
      [7, 8],
      [8, 50],
    ])
      sum.add({
        losses: losses.map((l) => l.subarray(from, to)),
        weights: weights.subarray(from, to),
        count: to - from,
      })
    sum.profiles().gram.forEach((v, i) => {
      expect(v).toBeCloseTo(whole.gram[i], 12)
    })
  })

  it('by hand: losses 1, 3 and 2, 2 with equal weights have means 2, 2 and products 1, 0, 0', () => {
    const { mean, gram } = profilesOf([Float64Array.of(1, 3), Float64Array.of(2, 2)], [1, 1])
    expect([...mean]).toEqual([2, 2])
    expect([...gram]).toEqual([1, 0, 0, 0])
  })
})

describe('salience', () => {
  it('finds the planted spans: most of the top-ranked ones, on left-out families better than the mean', () => {
    const { data, result } = analysed(1, 0.6)
    expect(result.gainOverMean).toMatchObject({ kind: 'estimate' })
    expect(['residual-ridge', 'residual-components', 'pls']).toContain(result.chosen)
    const { index } = result.fitted
    if (index === null) throw new Error('the chosen method has no index')
    const weights = spanWeightsOf(data, result.space, index)
    const stability = signStability(data, result.models, result.fitted, weights, 30, createRandom(5))
    const top = salientSpans(data, weights, stability, 1, PLANTED)
    const found = top.filter((s) => (s.span.bytes?.start ?? 0) < 256 * PLANTED)
    expect(found.length).toBeGreaterThanOrEqual(0.8 * PLANTED)
    for (const span of found) expect(span.salience).toBeGreaterThan(0)
  })

  it('carries every method with an index to other models as it predicts its own', () => {
    const { data, result } = analysed(2, 0.6)
    const vector = salienceVector(data, result)
    if (vector === null) throw new Error('no vector')
    for (const m of [0, 7, 39]) {
      const read = applyVector(vector, data.table.losses[m], data.weights, 0.9)
      expect(read).toMatchObject({ kind: 'estimate' })
      if (read.kind === 'estimate') expect(read.value).toBeCloseTo(result.fitted.predict(m), 10)
    }
  })

  it('reads an interval only where enough families were left out: of 20, 95 % but not 97 %', () => {
    const { data, result } = analysed(2, 0.6)
    const vector = salienceVector(data, result)
    if (vector === null) throw new Error('no vector')
    const [loss] = data.table.losses
    expect(applyVector(vector, loss, data.weights, 0.95).kind).toBe('estimate')
    expect(applyVector(vector, loss, data.weights, 0.97).kind).toBe('notEstimable')
  })

  it('with fewer than 12 models the plain loss is the answer, and with one family nothing can be judged', () => {
    const { table, y } = planted(4, 0.6)
    const few = {
      models: table.models.slice(0, 10),
      spans: table.spans,
      losses: table.losses.slice(0, 10),
    }
    const input = { name: 'score', y: y.slice(0, 10), isLog: false, lowerIsBetter: false }
    const [ten] = analyseCapabilities(salienceData(few), [input], request, createRandom(1))
    expect(ten.gainOverMean.kind).toBe('notEstimable')
    expect(ten.chosen).toMatch(/^mean-/)
    const one = { ...few, models: few.models.map((m) => ({ ...m, family: 'one' })) }
    const [alone] = analyseCapabilities(salienceData(one), [input], request, createRandom(1))
    expect(alone.leftOut).toBeNull()
    expect(alone.skill).toEqual([])
  })
})

describe('scores that are alike in most families', () => {
  it('give no explained variance to draws of them alone: it is never above 1', () => {
    const { table } = planted(5, 0)
    // Chance of three choices has no exact binary form: the spread of equal scores is rounding, not 0.
    const y = Float64Array.from({ length: MODELS }, (_, m) => (m < 2 ? 0.4 + m / 100 : 1 / 3))
    const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
    const asked = { ...request, skillAt: [10], repeats: 6 }
    const [{ skill, skillAt }] = analyseCapabilities(salienceData(table), [input], asked, createRandom(1))
    expect(skill.length).toBeGreaterThan(0)
    for (const { explainedVariance: e } of skill) {
      expect(e.kind).toBe('estimate')
      if (e.kind === 'estimate') expect(e.interval.high).toBeLessThanOrEqual(1)
      if (e.kind === 'estimate') expect(e.interval.low).toBeGreaterThan(-1e3)
    }
    for (const { explainedVariance: e } of skillAt)
      if (e.kind === 'estimate') expect(e.value).toBeGreaterThan(-1e3)
  })
})
