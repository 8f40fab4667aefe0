import { beforeAll, describe, expect, it } from 'vitest'
import {
  allSplits,
  type Judged,
  type JudgedSplit,
  judgeSplits,
  meanOf,
  TWELVE,
} from '../../bench/forecast/splits.js'

/**
 * "Revisiting the scaling properties of downstream metrics in large language model training", arXiv:2512.08894:
 * the direct framework, judged on three public sets by the splits of docs/validation/forecast.md. The bars are
 * what simple laws reach when the best of them is picked on the held-out error itself; here nothing sees it.
 */
describe('forecasts of held-out larger runs', () => {
  let all: JudgedSplit[] = []
  const of = (set: string, label?: string): Judged[] =>
    all
      .filter((s) => s.split.set === set && (label === undefined || s.split.label === label))
      .flatMap((s) => s.judged)
  const relative = (judged: readonly Judged[], value: (j: Judged) => number): number =>
    meanOf(judged.map((j) => Math.abs(value(j) - j.truth) / j.truth))
  const absolute = (judged: readonly Judged[], value: (j: Judged) => number): number =>
    meanOf(judged.map((j) => Math.abs(value(j) - j.truth)))

  beforeAll(async () => {
    all = [...judgeSplits(await allSplits(), 50)]
  }, 900_000)

  it.each([
    ['13B-5T', 0.034],
    ['7B-4T', 0.044],
  ])('OLMo ladder → %s: mean relative error over 8 tasks ≤ %d, better than copying', (label, bar) => {
    const judged = of('olmo-ladder', label)
    expect(judged).toHaveLength(8)
    expect(relative(judged, (j) => j.value)).toBeLessThanOrEqual(bar)
    expect(relative(judged, (j) => j.value)).toBeLessThan(relative(judged, (j) => j.baseline))
  })

  it('Pythia → 6.9B and 12B: mean absolute error ≤ .024 over tasks and models, better than copying', () => {
    const judged = of('pythia')
    // arc_challenge never leaves chance below 2B: the one abstention of each of the four models.
    expect(judged).toHaveLength(20)
    expect(absolute(judged, (j) => j.value)).toBeLessThanOrEqual(0.024)
    expect(absolute(judged, (j) => j.value)).toBeLessThan(absolute(judged, (j) => j.baseline))
  })

  it('over-training models → 6.9B: mean of 17 tasks ≤ .013 over the three corpora', () => {
    const judged = of('over-training').filter((j) => j.benchmark === 'mean of 17')
    expect(judged).toHaveLength(3)
    expect(absolute(judged, (j) => j.value)).toBeLessThanOrEqual(0.013)
  })

  it('over-training models → 6.9B: single tasks ≤ .050, at most five abstentions of twelve a corpus', () => {
    const judged = of('over-training').filter((j) => TWELVE.includes(j.benchmark))
    for (const { judged: own } of all.filter((s) => s.split.set === 'over-training'))
      expect(own.filter((j) => TWELVE.includes(j.benchmark)).length).toBeGreaterThanOrEqual(7)
    expect(absolute(judged, (j) => j.value)).toBeLessThanOrEqual(0.05)
  })

  it('80 % intervals hold 75–90 % of all that was held out, in the rolling back-tests and in the splits', () => {
    const later = all
      .flatMap((s) => s.judged)
      .filter(
        (j) =>
          j.split.set !== 'over-training' || j.benchmark === 'mean of 17' || TWELVE.includes(j.benchmark),
      )
    const hits = later.filter((j) => j.low <= j.truth && j.truth <= j.high).length
    // One forecast of a set is enough for its rolling back-test: it is the same for every target.
    const rolling = ['olmo-ladder', 'pythia']
      .map((set) => all.find((s) => s.split.set === set))
      .concat(all.filter((s) => s.split.set === 'over-training'))
    let points = 0
    let held = 0
    for (const split of rolling)
      for (const p of split?.made.predictions ?? []) {
        points += p.backTest.points
        held += p.backTest.points * (p.backTest.coverage ?? 0)
      }
    for (const share of [hits / later.length, held / points, (hits + held) / (later.length + points)]) {
      expect(share).toBeGreaterThanOrEqual(0.75)
      expect(share).toBeLessThanOrEqual(0.9)
    }
  })

  it('no forecast sees its target: what is fitted ends below 2B parameters', () => {
    for (const { split } of all) for (const row of split.fitted) expect(row.params).toBeLessThan(2e9)
  })
})
