import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.js'
import { salienceData } from '../analyse.js'
import type { SalienceData } from '../estimator.js'
import { innerFolds } from '../inner-folds.js'
import { MOST_RANKED_SPANS } from '../span-ranks.js'
import { spanWeightsOf } from '../span-salience.js'
import { trainingSpace } from '../training-space.js'
import { SALIENCE_ESTIMATORS } from './index.js'

const MODELS = 24
const SPANS = 60
const TRAIN = Array.from({ length: 18 }, (_, m) => m)

interface Made {
  readonly losses: readonly Float64Array[]
  readonly bytes: readonly number[]
}

/** A level and a factor that the first six spans share; the score falls with both. */
function made(): Made & { y: Float64Array } {
  const random = createRandom(9)
  const levels = Array.from({ length: MODELS }, () => 1 + 0.2 * random.normal())
  const factors = levels.map(() => 0.05 * random.normal())
  return {
    losses: levels.map((level, m) =>
      Float64Array.from(
        { length: SPANS },
        (_, u) => level + 0.03 * random.normal() + (u < 6 ? factors[m] : 0),
      ),
    ),
    bytes: Array.from({ length: SPANS }, () => 64 + 8 * random.integer(24)),
    y: Float64Array.from(levels, (level, m) => 0.9 - 0.3 * level - factors[m] + 0.003 * random.normal()),
  }
}

function dataOf({ losses, bytes }: Made): SalienceData {
  let total = 0
  const ends = bytes.map((b) => {
    total += b
    return total
  })
  return salienceData({
    models: losses.map((_, m) => ({
      id: `m${m}`,
      family: `f${m >> 1}`,
      params: 1e6 * (m + 1),
      tokens: 1e9,
    })),
    spans: ends.map((end, u) => ({ document: 'd', domain: '', bytes: { start: end - bytes[u], end } })),
    losses,
  })
}

const { y, ...table } = made()

describe.each(SALIENCE_ESTIMATORS.map((e) => [e.id, e] as const))('estimator %s', (id, estimator) => {
  /** Scores of a known and an unknown model, strengths chosen by folds. */
  function predictions(data: SalienceData, scores: Float64Array, train: readonly number[] = TRAIN): number[] {
    const space = trainingSpace(data.profiles, train)
    const folds = innerFolds(space, data.table.models, createRandom(2))
    const fitted = estimator.fit(data, space, scores, folds)
    expect(fitted.foldErrors.every((e) => e >= 0)).toBe(true)
    return [0, 17, 23].map((m) => fitted.predict(m))
  }

  function expectClose(found: readonly number[], expected: readonly number[]): void {
    found.forEach((v, i) => {
      expect(Math.abs(v - expected[i])).toBeLessThan(2e-4)
    })
  }

  it('says where it comes from, and whether it can be fitted', () => {
    expect(estimator.source).toMatch(/^docs\/methods\/salience\.md#/)
    expect(estimator.unfit(dataOf(table).table.models, SPANS)).toBeNull()
    const readsSpans = ['token-sigmoid', 'rank-correlation', 'forward-selection'].includes(id)
    expect(estimator.unfit(dataOf(table).table.models, MOST_RANKED_SPANS + 1) !== null).toBe(readsSpans)
  })

  it('never looks at a model that it is not fitted on', () => {
    const data = dataOf(table)
    const space = trainingSpace(data.profiles, TRAIN)
    const other = y.map((v, m) => (m < TRAIN.length ? v : 1e6))
    const [a, b] = [estimator.fit(data, space, y, []), estimator.fit(data, space, other, [])]
    for (const m of [0, 17, 23]) expect(b.predict(m)).toBe(a.predict(m))
  })

  it('predicts with its index, and with the weights of its spans, what it predicts itself', () => {
    const data = dataOf(table)
    const { losses } = data.table
    const { mean } = data.profiles
    const space = trainingSpace(data.profiles, TRAIN)
    const { predict, index } = estimator.fit(data, space, y, [])
    expect(index === null).toBe(id === 'log-compute')
    if (index !== null) {
      const weights = spanWeightsOf(data, space, index)
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12)
      const typical = (u: number): number =>
        TRAIN.reduce((s, t) => s + (losses[t][u] - mean[t]) / TRAIN.length, 0)
      for (const m of [0, 23]) {
        const eta = weights.reduce(
          (s, w, u) => s + w * (losses[m][u] - mean[m] - typical(u)),
          index.intercept + index.slope * mean[m],
        )
        const { link } = index
        const value = link === null ? eta : link.floor + link.height / (1 + Math.exp(-eta))
        expect(value).toBeCloseTo(predict(m), 9)
      }
    }
  })

  it('does not depend on the order of the spans', () => {
    const turned = { losses: table.losses.map((l) => l.toReversed()), bytes: table.bytes.toReversed() }
    expectClose(predictions(dataOf(turned), y), predictions(dataOf(table), y))
  })

  it('does not depend on a cut within a span whose halves cost the same', () => {
    const cut = {
      losses: table.losses.map((l) => Float64Array.from({ length: 2 * SPANS }, (_, u) => l[u >> 1])),
      bytes: table.bytes.flatMap((b) => [b / 2, b / 2]),
    }
    expectClose(predictions(dataOf(cut), y), predictions(dataOf(table), y))
  })

  it('moves with the unit of the score, and not with that of the losses', () => {
    const expected = predictions(dataOf(table), y)
    const bits = { ...table, losses: table.losses.map((l) => l.map((v) => 8 * v)) }
    expectClose(predictions(dataOf(bits), y), expected)
    const percent = predictions(
      dataOf(table),
      y.map((v) => 100 * v - 7),
    )
    expectClose(
      percent.map((v) => (v + 7) / 100),
      expected,
    )
  })

  it('tells constant scores as they are, and stays finite on models drawn twice or alike', () => {
    for (const value of predictions(dataOf(table), new Float64Array(MODELS).fill(1 / 3)))
      expect(value).toBeCloseTo(1 / 3, 9)
    const twice = predictions(dataOf(table), y, [...TRAIN, 0, 0, 3])
    const alike = predictions(dataOf({ ...table, losses: table.losses.map(() => table.losses[0]) }), y)
    for (const value of [...twice, ...alike]) expect(Number.isFinite(value)).toBe(true)
  })
})
