import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import {
  type ComparedBenchmark,
  compareModels,
  falseDiscoveryRates,
  groupLetters,
  mcnemarMidP,
  pairedDifference,
} from './index.js'

/** Right-or-wrong answers of two models: both right, gained, lost, both wrong. */
function answers(both: number, gained: number, lost: number, none: number) {
  const of = (counts: readonly number[], right: readonly number[]): number[] =>
    counts.flatMap((count, k) => new Array<number>(count).fill(right[k]))
  const counts = [both, gained, lost, none]
  const a = of(counts, [1, 0, 1, 0])
  return { a, b: of(counts, [1, 1, 0, 0]), clusters: a.map((_, i) => i) }
}

const benchmark = (name: string, ...scores: readonly (readonly (number | null)[])[]): ComparedBenchmark => ({
  benchmark: name,
  clusters: scores[0].map((_, i) => i),
  scores,
  told: scores.map(() => undefined),
})

it('a difference of shares is never more than from nothing to all', () => {
  const { estimate: difference } = pairedDifference({ a: [0, 1], b: [1, 1], clusters: [0, 1] }, 0.95)
  expect(difference).toMatchObject({ value: 0.5, interval: { low: -1, high: 1 } })
})

describe('mcnemarMidP', () => {
  // 2·(P(X < k) + ½·P(X = k)), X ~ Binomial(n, ½), by hand.
  it.each([
    [0, 0, 1],
    [1, 0, (2 * 0.5) / 2],
    [5, 0, (2 * 0.5) / 32],
    [8, 2, (2 * (1 + 10 + 45 / 2)) / 1024],
    [2, 8, (2 * (1 + 10 + 45 / 2)) / 1024],
    [3, 3, 1],
  ])('%i gained, %i lost: %d', (gained, lost, p) => {
    expect(mcnemarMidP(gained, lost)).toBeCloseTo(p, 12)
  })

  it('does not underflow', () => {
    // 2,000 tosses: the normal approximation of mid-p is 2·Φ(−60/√2000) = .1797.
    expect(mcnemarMidP(1030, 970)).toBeCloseTo(0.1797, 3)
  })
})

describe('pairedDifference', () => {
  it('has McNemar’s p where few items tell the models apart', () => {
    const found = pairedDifference(answers(50, 8, 2, 40), 0.95)
    expect(found.p).toBeCloseTo(mcnemarMidP(8, 2), 12)
    expect(found.discordant).toEqual({ gained: 8, lost: 2 })
    // D = 6/100; Σ(d − D)² = 10 − 36/100 = 9.64; V = (100/99 · 9.64 + ½)/100².
    expect(found.error).toBeCloseTo(Math.sqrt((100 / 99) * 9.64 + 0.5) / 100, 12)
    expect(found.estimate).toMatchObject({ value: 0.06, n: 100 })
  })

  it('is Student’s t beyond, within .01 of McNemar', () => {
    for (const [gained, lost] of [
      [18, 8],
      [32, 18],
      [60, 40],
      [130, 100],
    ]) {
      const { p } = pairedDifference(answers(500, gained, lost, 200), 0.95)
      expect(Math.abs((p ?? 0) - mcnemarMidP(gained, lost))).toBeLessThan(0.01)
    }
  })

  it('counts clusters, not items', () => {
    const { a, b } = answers(10, 6, 0, 4)
    const paired = pairedDifference({ a, b, clusters: a.map((_, i) => Math.floor(i / 2)) }, 0.95)
    // Ten pairs; in the three pairs of gained items u = 2 − 2·.3 = 1.4, in the others −.6: Σu² = 3·1.96 + 7·.36 = 8.4.
    expect(paired.error).toBeCloseTo(Math.sqrt((10 / 9) * 8.4 + 0.5) / 20, 12)
    expect(paired.estimate).toMatchObject({ n: 10 })
  })

  it('says of one item, or one cluster, that it gives no interval', () => {
    expect(pairedDifference({ a: [0], b: [1], clusters: [0] }, 0.95)).toMatchObject({
      estimate: { kind: 'notEstimable' },
      p: null,
    })
    expect(pairedDifference({ a: [0, 1], b: [1, 1], clusters: [7, 7] }, 0.95).p).toBeNull()
  })

  it('is not certain that models which agree here agree everywhere', () => {
    const { estimate, p, isSame } = pairedDifference(answers(60, 0, 0, 40), 0.95)
    expect(isSame).toBe(true)
    expect(p).toBe(1)
    expect(estimate.kind === 'estimate' && estimate.interval.high).toBeGreaterThan(0)
  })

  it('takes shares as they are', () => {
    const { estimate, p, discordant } = pairedDifference(
      { a: [0.25, 0.5, 0.75, 0.5], b: [0.5, 0.75, 1, 0.75], clusters: [0, 1, 2, 3] },
      0.95,
    )
    // All four moved by .25: the chance that four signs agree is 2^-3.
    expect(estimate).toMatchObject({ value: 0.25, interval: { low: 0.25, high: 0.25 } })
    expect(p).toBe(0.125)
    expect(discordant).toBeUndefined()
  })
})

describe('falseDiscoveryRates', () => {
  it('are those of Benjamini and Hochberg', () => {
    // m·p/rank from the largest down, running minimum: .8; .04·4/3; .03·4/2 → .0533; .01·4.
    const found = falseDiscoveryRates([0.01, 0.8, 0.04, 0.03])
    expect(found.map((p) => Number(p.toFixed(6)))).toEqual([0.04, 0.8, 0.053333, 0.053333])
    expect(falseDiscoveryRates([])).toEqual([])
  })
})

describe('groupLetters', () => {
  it('share a letter where, and only where, no difference is told', () => {
    // 0–2 and 0–3 and 1–3 are apart: 0 1 | 1 2 | 2 3.
    const apart = new Set(['02', '03', '13'])
    expect(groupLetters(4, (i, j) => apart.has(`${i}${j}`))).toEqual(['a', 'ab', 'bc', 'c'])
    expect(groupLetters(3, () => false)).toEqual(['a', 'a', 'a'])
    expect(groupLetters(3, () => true)).toEqual(['a', 'b', 'c'])
  })

  it('do so for random relations', () => {
    const random = createRandom(3)
    for (let trial = 0; trial < 50; trial++) {
      const n = 2 + random.integer(7)
      const apart = new Set<string>()
      for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++) if (random.uniform() < 0.4) apart.add(`${i}/${j}`)
      const letters = groupLetters(n, (i, j) => apart.has(`${i}/${j}`))
      for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++)
          expect([...letters[i]].some((l) => letters[j].includes(l))).toBe(!apart.has(`${i}/${j}`))
    }
  })
})

describe('compareModels', () => {
  const right = (n: number, of: number): number[] => Array.from({ length: of }, (_, i) => (i < n ? 1 : 0))

  it('pairs what both answered, and says what is better', () => {
    const [first, second] = [right(50, 100), right(80, 100)]
    const { pairs, overall, ranking } = compareModels(
      ['a', 'b'],
      [benchmark('x', [...first, null], [...second, 1])],
    )
    expect(pairs).toMatchObject([{ a: 'a', b: 'b', items: 100, verdict: 'better', isPaired: true }])
    expect(pairs[0].difference).toMatchObject({ value: 0.3 })
    expect(overall).toMatchObject([{ benchmark: 'x' }])
    expect(ranking.map(({ model, group }) => [model, group])).toEqual([
      ['b', 'a'],
      ['a', 'b'],
    ])
  })

  it('weighs benchmarks alike in the mean', () => {
    const { overall } = compareModels(
      ['a', 'b'],
      [benchmark('x', right(50, 100), right(60, 100)), benchmark('y', right(10, 20), right(10, 20))],
    )
    expect(overall[0].benchmark).toBe('macro')
    expect(overall[0].difference).toMatchObject({ value: 0.05 })
    // √(V_x + V_y)/2, V_x of ten gained: (100/99·(10 − 1) + ½)/100², V_y = ½/20².
    expect(overall[0].error).toBeCloseTo(Math.sqrt(((100 / 99) * 9 + 0.5) / 1e4 + 0.5 / 400) / 2, 12)
  })

  it('tells a drop by the bound of its interval', () => {
    const of = (lost: number, maxDrop: number) =>
      compareModels(['a', 'b'], [benchmark('x', right(500, 1000), right(500 - lost, 1000))], { maxDrop })
        .pairs[0].drop
    // 50 lost of 1,000: −5 points, error .0069, interval about [−6.4, −3.6].
    expect(of(50, 0.03)).toBe('regressed')
    expect(of(50, 0.05)).toBe('undecided')
    expect(of(50, 0.07)).toBe('held')
    expect(of(0, 0.01)).toBe('held')
  })

  it('gives every pair of N models, and ranks that stay open', () => {
    const { pairs, ranking } = compareModels(
      ['a', 'b', 'c'],
      [benchmark('x', right(300, 1000), right(600, 1000), right(603, 1000))],
    )
    expect(pairs.map(({ a, b }) => a + b)).toEqual(['ab', 'ac', 'bc'])
    expect(ranking.map(({ model, best, worst, group }) => [model, best, worst, group])).toEqual([
      ['c', 1, 2, 'a'],
      ['b', 1, 2, 'a'],
      ['a', 3, 3, 'b'],
    ])
  })

  it('ranks by what all models have, and by nothing where there is nothing', () => {
    const x = benchmark('x', right(3, 10), right(4, 10), right(5, 10))
    const scores = [x.scores[0], x.scores[1], undefined]
    const { ranking, shared, overall } = compareModels(['a', 'b', 'c'], [{ ...x, scores }])
    expect(ranking).toEqual([])
    expect(shared).toEqual([])
    expect(overall).toHaveLength(1)
  })
})
