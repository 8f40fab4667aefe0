import { describe, expect, it } from 'vitest'
import type { FactCount } from '../evidence/index.js'
import { clusteredAccuracy } from './accuracy/by-relation.js'
import { meanAccuracy } from './accuracy/share-interval.js'
import { attainableDetermination, determination } from './counts/bands.js'
import { joinObservations } from './counts/observations.js'
import { fitPublishedLines } from './fits/published-lines.js'
import { retentionByFrequency } from './groups/frequency-bands.js'

describe('R² over bands', () => {
  const bands = [
    { facts: 1, predicted: 0.5, measured: 0, variance: 0.25 },
    { facts: 100, predicted: 0.2, measured: 0.2, variance: 0.0016 },
    { facts: 100, predicted: 0.8, measured: 0.8, variance: 0.0016 },
  ]
  it('weights bands by their facts, or all alike', () => {
    // Mean (100·.2 + 100·.8)/201 = .4975; squares 1·.4975² + 100·(.2975² + .3025²) = 18.249; residual .25.
    expect(determination(bands)).toBeCloseTo(1 - 0.25 / 18.2488, 5)
    // Mean 1/3; squares 1/9 + .01778 + .21778 = .34667.
    expect(determination(bands, 'bands')).toBeCloseTo(1 - 0.25 / 0.346667, 5)
    expect(determination([bands[1], { ...bands[1] }])).toBeNull()
  })
  it('tells what a true prediction would be expected to reach', () => {
    expect(attainableDetermination(bands, 'facts')).toBeCloseTo(1 - (0.25 + 0.32) / 18.2488, 5)
    expect(attainableDetermination(bands, 'bands')).toBeCloseTo(1 - 0.2532 / 0.346667, 5)
  })
})

describe('retention by frequency', () => {
  it('parts facts into those never together and deciles of the others, leaks left out', () => {
    const counts = Array.from({ length: 120 }, (_, i): FactCount => {
      const n_so = Math.max(0, i - 19)
      return {
        fact_id: `${i}`,
        subject: `s${i}`,
        object: i === 119 ? 's' : 'o',
        relation: 'r',
        n_s: 200,
        n_o: 200,
        n_so,
      }
    })
    const answers = counts.map(({ fact_id, n_so }) => ({
      fact_id,
      model: 'm',
      params: 1e6,
      correct: n_so > 50 ? 1 : 0,
      total: 1,
    }))
    const bands = retentionByFrequency(joinObservations(counts, answers, 1000))
    // 20 facts never together; 99 of 1 to 99 documents in ten bands; the last fact names its object: left out.
    expect(bands).toHaveLength(11)
    expect(bands[0]).toMatchObject({ from: 0, to: 0, facts: 20, accuracy: { value: 0 } })
    expect(bands.slice(1).reduce((n, b) => n + b.facts, 0)).toBe(99)
    expect(bands[10]).toMatchObject({ to: 99, accuracy: { value: 1 } })
    for (const { accuracy } of bands)
      expect(accuracy.kind === 'estimate' && accuracy.interval.high - accuracy.interval.low).toBeGreaterThan(
        0.1,
      )
  })

  it('has the spread of templates in its intervals, where the rows tell them', () => {
    // One band: thirty facts of one relation, and three templates right on 24, 15 and 9 of them.
    const facts = Array.from({ length: 30 }, (_, i) => `${i}`)
    const rows = [24, 15, 9].flatMap((right, t) =>
      facts.map((fact_id, i) => ({
        fact_id,
        model: 'm',
        params: 1e6,
        template: `t${t}`,
        correct: i < right ? 1 : 0,
        total: 1,
      })),
    )
    const counts = facts.map(
      (fact_id): FactCount => ({
        fact_id,
        subject: fact_id,
        object: 'o',
        relation: 'r',
        n_s: 9,
        n_o: 9,
        n_so: 5,
      }),
    )
    const [band, ...others] = retentionByFrequency(joinObservations(counts, rows, 1000))
    expect(others).toEqual([])
    const answer = { relation: 'r', domain: '', reading: 'ranking', answer: null } as const
    const unranked = { logprob: null, rank: null, candidates: null, confidence: null }
    expect(band.accuracy).toEqual(
      clusteredAccuracy(
        rows.map((row) => ({ ...row, ...answer, ...unranked })),
        0.95,
      ),
    )
    const untold = rows.map(({ template: _, ...row }) => row)
    const [plain] = retentionByFrequency(joinObservations(counts, untold, 1000))
    const width = ({ accuracy }: typeof band): number =>
      accuracy.kind === 'estimate' ? accuracy.interval.high - accuracy.interval.low : 0
    expect(width(band)).toBeGreaterThan(1.5 * width(plain))
  })
  it('finds no spread of templates in bands of several relations whose templates agree', () => {
    // Ten relations of three facts, each with two templates of its own that are answered alike.
    const facts = Array.from({ length: 30 }, (_, i) => ({ fact_id: `${i}`, relation: `r${i % 10}` }))
    const rows = facts.flatMap(({ fact_id, relation }, i) =>
      ['a', 'b'].map((t) => ({
        fact_id,
        model: 'm',
        params: 1e6,
        template: `${relation}/${t}`,
        correct: i % 2,
        total: 1,
      })),
    )
    const counts = facts.map(
      ({ fact_id, relation }): FactCount => ({
        fact_id,
        subject: fact_id,
        object: 'o',
        relation,
        n_s: 9,
        n_o: 9,
        n_so: 5,
      }),
    )
    const [band] = retentionByFrequency(joinObservations(counts, rows, 1000))
    expect(band.accuracy).toEqual(meanAccuracy(facts.map((_, i) => i % 2)))
  })
})

/** Sixty facts of different frequencies, half of them answered by one model of a size. */
function spread(params: number) {
  const counts = Array.from({ length: 60 }, (_, i): FactCount => {
    const names = { fact_id: `${i}`, subject: `s${i}`, object: 'o', relation: 'r' }
    return { ...names, n_s: 100 + i, n_o: 100 + i, n_so: 40 + i }
  })
  const answers = counts.map(({ fact_id }, i) => ({
    fact_id,
    model: 'm',
    params,
    correct: i % 2,
    total: 1,
  }))
  return { counts, answers }
}

describe('a line whose axis tells nothing', () => {
  it('has no bound where its facts end far from 1', () => {
    // N = 1e6 is .001 billion: the axis of v2–v4 is x^1001, at most (24/30)^1001 = 1e−97 for MI of 2^−6 and less.
    const { counts, answers } = spread(1e6)
    const { fits } = fitPublishedLines(joinObservations(counts, answers, 3e5))
    const old = fits.find((f) => f.variant === 'v2-v4' && f.measure === 'smi')
    expect(Number.isFinite(old?.slope)).toBe(true)
    expect(old?.bound).toMatchObject({ kind: 'notEstimable' })
    expect(fits.find((f) => f.variant === 'v5-v7' && f.measure === 'smi')?.bound.kind).toBe('estimate')
  })
  it('is not fitted, with the reason, where v2–v4 raises a tiny model’s axis to 1 + 1/N', () => {
    // N = 8e4 is .00008 billion: x^12501 with x < 1 is 1e−300 and less, and its square nothing at all.
    const { counts, answers } = spread(8e4)
    const { fits, notFitted } = fitPublishedLines(joinObservations(counts, answers, 3e5))
    for (const { slope, intercept, bound } of fits)
      expect([Number.isFinite(slope), Number.isFinite(intercept), bound.kind]).toEqual([
        true,
        true,
        'estimate',
      ])
    const smi = notFitted.find((f) => f.variant === 'v2-v4' && f.measure === 'smi')
    expect(smi?.reason).toContain('exponent')
    expect(fits.some((f) => f.variant === 'v5-v7' && f.measure === 'smi')).toBe(true)
  })
})
