import { describe, expect, it } from 'vitest'
import { type Estimate, notEstimable } from '../estimate.js'
import { createRandom } from '../random/index.js'
import { adaptationCurve, adaptationError, fitAdaptationLaw } from './adaptation-curve.js'
import { dataTransferred } from './data-transferred.js'
import { decideGain } from './decision.js'
import { gainDesign, type Outcome } from './outcomes.js'
import { isotonic, reachOf } from './reach.js'
import { sampleEfficiency } from './sample-efficiency.js'
import { fitTransferLaw, type TransferPoint } from './transfer-law.js'

/** Arms whose scores are the given means, two seeds, 400 items of which a share is right. */
function armsOf(scores: Readonly<Record<Outcome['arm'], Readonly<Record<number, number>>>>): Outcome[] {
  return (['pretrained', 'scratch'] as const).flatMap((arm) =>
    Object.entries(scores[arm]).flatMap(([n, share]) =>
      ['a', 'b'].flatMap((seed) =>
        Array.from({ length: 400 }, (_, i) => ({
          arm,
          n: Number(n),
          seed,
          split: 'id' as const,
          item: `${i}`,
          score: i < Math.round(400 * share) ? 1 : 0,
        })),
      ),
    ),
  )
}

describe('reaching a level', () => {
  it('pools scores that fall with n', () => {
    expect(isotonic([1, 3, 2, 4])).toEqual([1, 2.5, 2.5, 4])
    expect(isotonic([3, 2, 1])).toEqual([2, 2, 2])
  })

  it('is read off straight lines of ln error in ln n, and says where a curve begins or ends', () => {
    // An error of .8·n^−.5 is .2 at 16 and .1 at 64; half of .2 twice over in ln: .1·√2 at 32.
    const at = reachOf([16, 64], [0.8, 0.9], 1 - 0.1 * Math.SQRT2)
    expect(at.kind).toBe('n')
    expect(at.n).toBeCloseTo(32, 10)
    expect(reachOf([16, 64], [0.5, 1], 1)).toMatchObject({ kind: 'n', n: expect.closeTo(64, 10) })
    expect(reachOf([16, 64], [0.5, 0.7], 0.4)).toEqual({ kind: 'first', n: 16 })
    expect(reachOf([16, 64], [0.5, 0.7], 0.8)).toEqual({ kind: 'never', n: 64 })
  })
})

describe('sample efficiency', () => {
  const scores = {
    pretrained: { 4: 0.4, 16: 0.6, 64: 0.8, 256: 0.9, 1024: 0.94 },
    scratch: { 4: 0.25, 16: 0.3, 64: 0.4, 256: 0.6, 1024: 0.9 },
  }
  it('is the ratio of examples: .6 takes 16 against 256', () => {
    const found = sampleEfficiency(gainDesign(armsOf(scores)), 0.25, createRandom(1), 0.9, 'id', 0.6)
    expect(found).toMatchObject({ censored: false, atLeast: null, score: 0.6 })
    expect(found.value).toMatchObject({ kind: 'estimate', unit: 'ratio', n: 400 })
    if (found.value.kind !== 'estimate') throw new Error(found.value.reason)
    expect(found.value.value).toBeCloseTo(16, 6)
    expect(found.value.interval.low).toBeLessThan(16)
    expect(found.value.interval.high).toBeGreaterThanOrEqual(16)
  })

  it('is a bound, never a number, where scratch does not get there', () => {
    const found = sampleEfficiency(gainDesign(armsOf(scores)), 0.25, createRandom(1), 0.9, 'id', 0.91)
    expect(found.censored).toBe(true)
    expect(found.value.kind).toBe('notEstimable')
    // .91 lies between 256 and 1,024 for the pre-trained arm, and above all of scratch: the ratio is above 1.
    expect(found.atLeast).toBeGreaterThanOrEqual(1)
  })

  it('compares by default where both curves pass, else half-way from guessing', () => {
    const of = (s: Parameters<typeof armsOf>[0]) =>
      sampleEfficiency(gainDesign(armsOf(s)), 0.25, createRandom(1), 0.9).score
    // The curves begin at .4 and .25, and end at .94 and .9.
    expect(of(scores)).toBeCloseTo((0.4 + 0.9) / 2, 12)
    expect(of({ ...scores, scratch: { 4: 0.25, 16: 0.3, 64: 0.3, 256: 0.3, 1024: 0.3 } })).toBeCloseTo(
      (0.25 + 0.94) / 2,
      12,
    )
  })

  it('counts what is saved, and an arm’s own examples down to 0 where the first size may do', () => {
    const found = sampleEfficiency(gainDesign(armsOf(scores)), 0.25, createRandom(1), 0.9, 'id', 0.6)
    expect(found.saved.value.kind === 'estimate' ? found.saved.value.value : Number.NaN).toBeCloseTo(240, 6)
    // .4 is what the pre-trained arm has at its first size.
    const early = sampleEfficiency(gainDesign(armsOf(scores)), 0.25, createRandom(1), 0.9, 'id', 0.41)
    expect(early.pretrainedExamples).toMatchObject({ kind: 'estimate', interval: { low: 0 } })
    expect(
      sampleEfficiency(gainDesign(armsOf(scores)), 0.25, createRandom(1), 0.9, 'id', 0.39).pretrainedExamples
        .kind,
    ).toBe('notEstimable')
  })

  it('is a bound from above where scratch is there at its first size: it may have been there before', () => {
    const above = {
      pretrained: { 16: 0.4, 64: 0.5, 256: 0.6 },
      scratch: { 16: 0.8, 64: 0.9, 256: 0.95 },
    }
    const design = gainDesign(armsOf(above))
    for (const [n, most] of [
      [16, 0],
      [64, -48],
      [256, -240],
    ]) {
      const worth = dataTransferred(design, createRandom(1), 0.9).sizes.find((s) => s.n === n)
      // Scratch has the score at 16 or before: D_T is at most 16 − n.
      expect(worth).toMatchObject({
        censored: true,
        atLeast: null,
        atMost: most,
        value: { kind: 'notEstimable' },
      })
    }
    // .5 takes the pre-trained arm 64 and scratch 16 at most; the drawn means move the 64, never the 16.
    const found = sampleEfficiency(design, 0.25, createRandom(1), 0.9, 'id', 0.5)
    expect(found).toMatchObject({ censored: true, atLeast: null, value: { kind: 'notEstimable' } })
    expect(found.atMost).toBeGreaterThanOrEqual(16 / 64)
    expect(found.atMost).toBeLessThan(1)
    expect(found.saved).toMatchObject({ censored: true, atLeast: null, value: { kind: 'notEstimable' } })
    expect(found.saved.atMost).toBeLessThan(0)
    expect(found.scratchExamples).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('at most 16.0'),
    })
    expect(found.pretrainedExamples).toMatchObject({ kind: 'estimate', value: expect.closeTo(64, 8) })
    // A score that the pre-trained arm never gets to: it takes more than 256, scratch 32 and more at .85.
    const never = sampleEfficiency(design, 0.25, createRandom(1), 0.9, 'id', 0.85)
    expect(never).toMatchObject({ censored: true, atLeast: null })
    expect(never.atMost).toBeLessThan(64 / 256)
  })

  it('has nothing to say of one size', () => {
    const one = gainDesign(armsOf({ pretrained: { 4: 0.5 }, scratch: { 4: 0.3 } }))
    expect(sampleEfficiency(one, 0.25, createRandom(1), 0.9)).toMatchObject({
      value: { kind: 'notEstimable' },
      censored: false,
    })
  })

  it('counts effective data transferred: what 16 examples give takes scratch 256, 240 more', () => {
    const design = gainDesign(armsOf(scores))
    const { sizes } = dataTransferred(design, createRandom(1), 0.9)
    const at = (n: number) => sizes.find((s) => s.n === n)
    const value = at(16)?.value ?? notEstimable('no such size')
    expect(value.kind === 'estimate' ? value.value : Number.NaN).toBeCloseTo(240, 6)
    expect(at(1024)).toMatchObject({ censored: true, value: { kind: 'notEstimable' } })
  })
})

describe('adaptation curves', () => {
  const planted = { asymptote: 0.05, amplitude: 1.2, exponent: 0.5 }
  const n = [4, 16, 64, 256, 1024, 4096]

  it('recover a planted law, and are not thrown by one wild size', () => {
    const errors = n.map((v) => adaptationError(planted, v))
    const variance = n.map(() => 1e-4)
    const clean = fitAdaptationLaw(n, errors, variance)
    expect(clean.asymptote).toBeCloseTo(0.05, 3)
    expect(clean.exponent).toBeCloseTo(0.5, 2)
    expect(clean.amplitude).toBeCloseTo(1.2, 1)
    const wild = fitAdaptationLaw(n, errors.with(3, 0.4), variance)
    expect(Math.abs(adaptationError(wild, 1024) - adaptationError(planted, 1024))).toBeLessThan(0.03)
  })

  it('have no law below four sizes or where nothing is learnt, and points all the same', () => {
    const few = gainDesign(armsOf({ pretrained: { 4: 0.4, 16: 0.6 }, scratch: { 4: 0.3, 16: 0.3 } }))
    const curve = adaptationCurve(few, 'pretrained', 'id', createRandom(1), 0.9)
    expect(curve.points.map((p) => p.n)).toEqual([4, 16])
    expect(curve).toMatchObject({ law: null, asymptote: { kind: 'notEstimable' } })
    const flat = { 4: 0.5, 16: 0.5, 64: 0.5, 256: 0.5 }
    const idle = adaptationCurve(
      gainDesign(armsOf({ pretrained: flat, scratch: flat })),
      'scratch',
      'id',
      createRandom(1),
      0.9,
    )
    expect(idle.exponent.kind).toBe('notEstimable')
  })

  it('are none where the error falls all at once, as a learner that gets it does', () => {
    const sudden = { 4: 0.5, 16: 0.5, 64: 0.51, 256: 0.99, 1024: 0.995, 4096: 0.995 }
    const design = gainDesign(armsOf({ pretrained: sudden, scratch: sudden }))
    const curve = adaptationCurve(design, 'pretrained', 'id', createRandom(1), 0.9)
    expect(curve.exponent).toEqual({
      kind: 'notEstimable',
      reason: 'the error does not fall as a power of the training examples',
    })
  })
})

describe('the transfer law', () => {
  const law = { k: 500, alpha: 0.18, beta: 0.38 }
  const transferred = (fineTuned: number, params: number): number =>
    law.k * fineTuned ** law.alpha * params ** law.beta

  it('recovers planted k, α and β from points with 5 % of noise', () => {
    const random = createRandom(4)
    const points: TransferPoint[] = [1e3, 3e3, 1e4, 3e4].flatMap((fineTuned) =>
      [1e6, 1e7, 1e8].map((params) => ({
        fineTuned,
        params,
        transferred: transferred(fineTuned, params) * Math.exp(0.05 * random.normal()),
      })),
    )
    // An interval of .999 is missed once in a thousand draws of noise.
    const found = fitTransferLaw(points, 0.999)
    expect(found).toMatchObject({ points: 12, outside: 0 })
    const holds = (e: Estimate, truth: number): boolean =>
      e.kind === 'estimate' && e.interval.low <= truth && truth <= e.interval.high
    expect(holds(found.logK, Math.log(law.k))).toBe(true)
    expect(holds(found.alpha, law.alpha)).toBe(true)
    expect(holds(found.beta, law.beta)).toBe(true)
  })

  it('gives k and α of one size, and abstains outside its regime', () => {
    const one = [10, 30, 100, 300, 1000].map((fineTuned) => ({
      fineTuned,
      params: 1e8,
      transferred: transferred(fineTuned, 1e8),
    }))
    const found = fitTransferLaw(one, 0.95)
    expect(found.alpha.kind === 'estimate' ? found.alpha.value : Number.NaN).toBeCloseTo(law.alpha, 8)
    expect(found.beta.kind).toBe('notEstimable')
    // Fine-tuning data as large as what is transferred: half of the effective data, not a tenth.
    const rich = one.map((p) => ({ ...p, transferred: p.fineTuned }))
    expect(fitTransferLaw(rich, 0.95)).toMatchObject({
      points: 0,
      outside: 5,
      alpha: { kind: 'notEstimable' },
    })
  })
})

describe('the decision', () => {
  const of = (low: number, high: number): Estimate => ({
    kind: 'estimate',
    value: (low + high) / 2,
    interval: { low, high, level: 0.9 },
    unit: 'accuracy',
    n: 9,
  })
  const aim = { target: 0.02, delta: 0.01 }

  it('has two parts, each by its confidence bound', () => {
    const held = new Map([['ood', of(-0.005, 0.02)]])
    expect(decideGain(of(0.03, 0.09), held, aim)).toMatchObject({ superior: 'shown', holds: true })
    const lost = new Map([['ood', of(-0.09, -0.03)]])
    expect(decideGain(of(0.03, 0.09), lost, aim)).toMatchObject({ regressed: ['ood'], holds: false })
    const open = new Map([['ood', of(-0.04, 0.05)]])
    expect(decideGain(of(0.03, 0.09), open, aim)).toMatchObject({ undecided: ['ood'], holds: false })
  })

  it('tells "not shown" from "no effect"', () => {
    expect(decideGain(of(-0.05, 0.09), new Map(), aim).superior).toBe('not-shown')
    expect(decideGain(of(-0.05, 0.01), new Map(), aim).superior).toBe('refuted')
    expect(decideGain(notEstimable('one item'), new Map(), aim).superior).toBe('not-shown')
    // A target of 0 still asks for more than nothing.
    expect(decideGain(of(0, 0.1), new Map(), { target: 0, delta: 0 }).superior).toBe('not-shown')
  })
})
