import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { analyseCapabilities, salienceData } from './analyse.js'
import { SALIENCE_ESTIMATORS } from './estimators/index.js'
import { permutedScores } from './permutation.js'

describe('permuted scores', () => {
  const families = [[0, 1], [2], [3, 4, 5]]
  const y = Float64Array.of(1, 3, 10, 5, 6, 7)

  it('keep what families have in common together: means move among families, the rest within each', () => {
    // Left over a plain reading of 0: means 2, 10, 6, within them −1, 1; 0; −1, 0, 1.
    const out = permutedScores(families, y, new Float64Array(6), createRandom(3))
    const means = families.map((family) => family.reduce((sum, m) => sum + out[m] / family.length, 0))
    expect(means.map((v) => Math.round(1e9 * v) / 1e9).sort((a, b) => a - b)).toEqual([2, 6, 10])
    families.forEach((family, f) => {
      const within = family.map((m) => Math.round(1e9 * (out[m] - means[f])) / 1e9 + 0)
      expect(within.sort((a, b) => a - b)).toEqual([[-1, 1], [0], [-1, 0, 1]][f])
    })
  })

  it('leave what the plain reading says where it was', () => {
    expect(permutedScores(families, y, y, createRandom(3))).toEqual(y)
  })
})

describe('the null of permutations', () => {
  it('is told of a planted salience: no permutation has as large a gain; p is 1 of as many and one', () => {
    const random = createRandom(11)
    const models = Array.from({ length: 16 }, (_, m) => ({
      id: `m${m}`,
      family: `f${m >> 1}`,
      params: null,
      tokens: null,
    }))
    const factors = models.map(() => random.normal())
    const levels = models.map(() => random.normal())
    const table = {
      models,
      spans: Array.from({ length: 12 }, (_, u) => ({ document: `${u}`, domain: '', bytes: null })),
      losses: models.map((_, m) =>
        Float64Array.from(
          { length: 12 },
          (_, u) => 3 + 0.1 * levels[m] + (u < 6 ? 0.1 : -0.1) * factors[m] + 0.01 * random.normal(),
        ),
      ),
    }
    const y = Float64Array.from(models, (_, m) => levels[m] - 2 * factors[m])
    const estimators = SALIENCE_ESTIMATORS.filter((e) => ['mean-linear', 'residual-ridge'].includes(e.id))
    const request = { level: 0.9, skillAt: [], repeats: 0, estimators, permutations: 9 }
    const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
    const [result] = analyseCapabilities(salienceData(table), [input], request, createRandom(1))
    expect(result.permutationNull).toEqual({ p: 1 / 10, permutations: 9 })
    const none = { ...request, permutations: 0 }
    expect(
      analyseCapabilities(salienceData(table), [input], none, createRandom(1))[0].permutationNull,
    ).toBeNull()
  })
})
