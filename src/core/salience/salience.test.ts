import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { analyseCapabilities, type CapabilityResult, salienceData } from './analyse.js'
import { VectorCarrier } from './carry.js'
import { domainsOf } from './domain-shares.js'
import type { SalienceData } from './estimator.js'
import { SALIENCE_ESTIMATORS } from './estimators/index.js'
import { foldErrors, innerFolds, likelihoods, total } from './inner-folds.js'
import type { LossTable } from './loss-table.js'
import { ProfileSum, profilesOf } from './profiles.js'
import { salienceOf, strongest } from './reading.js'
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

/** What a capability is carried by, of losses in memory. */
function carriedVector(data: SalienceData, result: CapabilityResult, draws = 2) {
  const { losses, spans } = data.table
  const carrier = new VectorCarrier(data, result, domainsOf(spans), { draws, level: 0.9 }, createRandom(5))
  carrier.add({ losses, weights: data.weights, count: spans.length })
  return carrier.finish()
}

describe('salience', () => {
  it('finds the planted spans: most of the top-ranked ones, on left-out families better than the mean', () => {
    const { data, result } = analysed(1, 0.6)
    expect(result.gainOverMean).toMatchObject({ kind: 'estimate' })
    expect(['residual-ridge', 'residual-components', 'pls']).toContain(result.chosen)
    const carried = carriedVector(data, result, 30)
    if (carried === null) throw new Error('the chosen method has no index')
    const salience = salienceOf(data.weights, carried)
    const found = strongest(salience, PLANTED).filter((u) => u < PLANTED)
    expect(found.length).toBeGreaterThanOrEqual(0.8 * PLANTED)
    for (const u of found) expect(salience[u]).toBeGreaterThan(0)
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

describe('a score that compute tells and losses follow with noise', () => {
  const { table: noise } = planted(7, 0)
  const random = createRandom(7).derive('compute')
  const levels = noise.models.map(() => random.normal())
  const table: LossTable = {
    ...noise,
    models: noise.models.map((model, m) => ({ ...model, params: 1, tokens: 1e9 * Math.exp(levels[m]) })),
    // The mean falls with compute, off by as much again; profiles are noise.
    losses: noise.losses.map((own, m) => {
      const mean = own.reduce((sum, v) => sum + v / SPANS, 0)
      const level = 3 - 0.2 * levels[m] + 0.2 * random.normal()
      return own.map((v) => v - mean + level)
    }),
  }
  const y = Float64Array.from(levels, (level) => 0.5 + 0.1 * level)
  const input = { name: 'score', y, isLog: false, lowerIsBetter: false }

  it('is no gain of salience: the plain loss is the answer, and it is said that compute tells more', () => {
    const [result] = analyseCapabilities(salienceData(table), [input], request, createRandom(1))
    const explained = (method: string): number => {
      const of = result.skill.find((s) => s.method === method)?.explainedVariance
      return of?.kind === 'estimate' ? of.value : Number.NaN
    }
    expect(explained('log-compute')).toBeGreaterThan(explained('chosen') + 0.2)
    expect(result.gainOverMean.kind === 'estimate' && result.gainOverMean.interval.low > 0).toBe(false)
    expect(result).toMatchObject({ judgedBy: 'plain', chosen: expect.stringMatching(/^mean-/) })
    const over = result.gainOverCompute
    expect(over?.kind === 'estimate' && over.interval.high).toBeLessThan(0)
  })
})

describe('the range of mean losses that a vector is read in', () => {
  it('leaves out what lies far out: one run gone ill does not open it', () => {
    const { table, y } = planted(2, 0.6)
    const ill = table.losses.map((own, m) => (m === 0 ? own.map((v) => v + 100) : own))
    const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
    const data = salienceData({ ...table, losses: ill })
    const [result] = analyseCapabilities(data, [input], request, createRandom(1))
    const range = carriedVector(data, result)?.lossRange
    const healthy = [...data.profiles.mean].slice(1)
    expect(range).toEqual({ low: Math.min(...healthy), high: Math.max(...healthy) })
  })
})

describe('what a choice is worth', () => {
  const { data, y, result } = analysed(2, 0.6)

  it('is told by choices made without each family, not by the method that is best with all known', () => {
    const nested = result.leftOut?.predictions.get('chosen')
    expect(result.judgedBy).toBe('chosen')
    if (nested === undefined) throw new Error('nothing was left out')
    const vector = salienceVector(data, result)
    // Families of two, twenty of them and the new one: each error weighs 1/42.
    expect(vector?.errors.map((e) => e.error)).toEqual(
      [...nested].map((v, m) => Math.abs(v - y[m])).sort((a, b) => a - b),
    )
    expect(vector?.errors[0].share).toBeCloseTo(1 / 42, 12)
    const carried = carriedVector(data, result)
    expect(carried?.explainedVariance).toBe(
      result.skill.find((s) => s.method === 'chosen')?.explainedVariance,
    )
  })

  it('counts the families that an interval needs without a rounding: 9 for .9, 4 for .8, 19 for .95', () => {
    const vector = salienceVector(data, result)
    if (vector === null) throw new Error('no vector')
    for (const [level, families] of [
      [0.9, 9],
      [0.8, 4],
      [0.95, 19],
    ])
      expect(applyVector({ ...vector, errors: [] }, data.table.losses[0], data.weights, level)).toMatchObject(
        {
          reason: expect.stringMatching(new RegExp(`; ${families} do$`)),
        },
      )
  })

  it('weighs the errors of a grid by their likelihood, for every method: 1 and 2 at two folds weigh 2/3 and 1/3', () => {
    const rows = (...errors: number[]) => errors.map((e) => Float64Array.of(e / 4, (3 * e) / 4))
    expect(likelihoods(rows(1, 2))).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(1 / 3, 12)])
    expect(likelihoods(rows(0, 2))).toEqual([1, 0])
    const folds = innerFolds(result.space, data.table.models, createRandom(3))
    const fitted = SALIENCE_ESTIMATORS.find((e) => e.id === 'pls')?.fit(data, result.space, y, folds)
    // The number of components is that of the least error, which is below their mean.
    const least = foldErrors(folds, y, (fold) => fitted?.refit(fold).predict ?? (() => Number.NaN))
    expect(total(fitted?.foldErrors ?? [])).toBeGreaterThan(total(least))
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
