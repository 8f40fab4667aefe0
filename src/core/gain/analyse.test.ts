import { describe, expect, it } from 'vitest'
import type { Estimate } from '../estimate.js'
import { createRandom } from '../random/index.js'
import { analyseGain, DEFAULT_GAIN_SETTINGS, type GainSettings } from './analyse.js'
import type { Outcome } from './outcomes.js'

/** Shares of 200 items that are right, by size; the first ones, so that both arms get the same items right first. */
function armsOf(
  scores: Readonly<Record<Outcome['arm'], Readonly<Record<number, number>>>>,
  more: (item: number, arm: Outcome['arm']) => Partial<Outcome> = () => ({}),
): Outcome[] {
  return (['pretrained', 'scratch'] as const).flatMap((arm) =>
    Object.entries(scores[arm]).flatMap(([n, share]) =>
      ['a', 'b', 'c'].flatMap((seed) =>
        Array.from({ length: 200 }, (_, i) => ({
          arm,
          n: Number(n),
          seed,
          split: 'id' as const,
          item: `${i}`,
          score: i < Math.round(200 * share) ? 1 : 0,
          ...more(i, arm),
        })),
      ),
    ),
  )
}

const SCORES = {
  pretrained: { 4: 0.4, 16: 0.6, 64: 0.8, 256: 0.9, 1024: 0.94 },
  scratch: { 4: 0.25, 16: 0.3, 64: 0.4, 256: 0.6, 1024: 0.9 },
}
const analyse = (outcomes: readonly Outcome[], settings: Partial<GainSettings> = {}) =>
  analyseGain(outcomes, { ...DEFAULT_GAIN_SETTINGS, chance: 0.25, ...settings }, createRandom(1))
const pointOf = (e: Estimate): number => (e.kind === 'estimate' ? e.value : Number.NaN)

describe('the whole comparison', () => {
  it('says what pre-training saves, in examples, FLOPs, money and by point', () => {
    const prices = { flopsPerExample: 1e15, compute: 3, example: 0.01 }
    const { saved } = analyse(armsOf(SCORES), { score: 0.6, prices })
    // .6 takes 16 examples and 256: 240 fewer, each 1e15 FLOPs; .003 of compute and .01 of labelling an example.
    expect(pointOf(saved.examples.value)).toBeCloseTo(240, 6)
    expect(pointOf(saved.flops)).toBeCloseTo(240e15, -6)
    expect(pointOf(saved.money)).toBeCloseTo(240 * 0.013, 6)
    // From .25 to .6 are 35 points.
    expect(saved.perPoint.pretrained).toMatchObject({
      unit: 'money/point',
      value: expect.closeTo((16 * 0.013) / 35, 8),
    })
    expect(pointOf(saved.perPoint.scratch)).toBeCloseTo((256 * 0.013) / 35, 8)
    const unpriced = analyse(armsOf(SCORES), { score: 0.6 }).saved
    expect(unpriced.money.kind).toBe('notEstimable')
    expect(unpriced.perPoint.scratch).toMatchObject({
      unit: 'examples/point',
      value: expect.closeTo(256 / 35, 8),
    })
  })

  it('gives no figure above guessing where guessing is not known', () => {
    const found = analyse(armsOf(SCORES), { chance: null })
    for (const e of [found.chanceCentredGain, found.retainedShare, found.saved.perPoint.scratch])
      expect(e.kind).toBe('notEstimable')
    expect(found.gain.kind).toBe('estimate')
  })

  it('sees the gap close: at 1,024 it is .04, before .15, .3, .4 and .3', () => {
    expect(pointOf(analyse(armsOf(SCORES)).gainAtLastSize)).toBeCloseTo(
      0.04 - (0.15 + 0.3 + 0.4 + 0.3) / 4,
      12,
    )
    const one = { pretrained: { 4: 0.4 }, scratch: { 4: 0.3 } }
    expect(analyse(armsOf(one)).gainAtLastSize.kind).toBe('notEstimable')
  })

  it('halves the items by min-k, and counts margins', () => {
    const sizes = { pretrained: { 16: 0.5 }, scratch: { 16: 0.25 } }
    const found = analyse(
      armsOf(sizes, (i, arm) => ({
        margin: arm === 'pretrained' ? 2 : 0.5,
        ...(arm === 'pretrained' ? { minK: -i } : {}),
      })),
    )
    // Likely text is that of the first hundred items: of them 100 are right and 50; of the others none.
    expect(pointOf(found.minK.likely)).toBeCloseTo(0.5, 12)
    expect(pointOf(found.minK.unlikely)).toBe(0)
    expect(found.marginGain).toMatchObject({ unit: 'nats', value: 1.5 })
    expect(analyse(armsOf(sizes)).minK.likely.kind).toBe('notEstimable')
  })

  it('holds every test set elsewhere against the loss that is put up with, each by itself', () => {
    const ood = (test: string, scores: typeof SCORES): Outcome[] =>
      armsOf(scores).map((o) => ({ ...o, split: 'ood', test, item: `${test}/${o.item}` }))
    const turned = { pretrained: SCORES.scratch, scratch: SCORES.pretrained }
    const found = analyse([...armsOf(SCORES), ...ood('near', SCORES), ...ood('far', turned)])
    expect([...found.elsewhere.keys()]).toEqual(['near', 'far'])
    expect(found.decision).toMatchObject({
      superior: 'shown',
      regressed: ['far'],
      undecided: [],
      holds: false,
    })
    expect(found.items).toEqual({ id: 200, ood: 400 })
  })

  it('takes one size where it is asked to', () => {
    expect(pointOf(analyse(armsOf(SCORES), { at: 64 }).gain)).toBeCloseTo(0.4, 12)
  })

  it('never gives a number where scratch ends below the score', () => {
    const found = analyse(
      armsOf({ ...SCORES, scratch: { 4: 0.25, 16: 0.25, 64: 0.26, 256: 0.3, 1024: 0.31 } }),
    )
    expect(found.sampleEfficiency).toMatchObject({ censored: true, value: { kind: 'notEstimable' } })
    expect(found.sampleEfficiency.atLeast).toBeGreaterThan(1)
    expect(found.saved.money.kind).toBe('notEstimable')
    expect(found.dataTransferred.at(-1)).toMatchObject({ censored: true, value: { kind: 'notEstimable' } })
  })
})
