import { describe, expect, it } from 'vitest'
import { estimate, notEstimable } from '../estimate.js'
import type { CarriedVector, SalienceFile } from '../evidence/index.js'
import { domainShares, domainsOf, sharesOfPull, sumByDomain } from './domain-shares.js'
import { spanWeights } from './loss-table.js'
import { salientPassages } from './passages.js'
import { isFittedOn, meanLoss, readCapabilities, salienceOf, strongest } from './reading.js'
import { salienceFileFromJson, salienceFileToJson } from './salience-file.js'

const SPANS = [0, 256, 512].map((start, u) => ({
  document: 'd',
  domain: u < 2 ? 'code' : 'prose',
  bytes: { start, end: start + 256 },
}))

const CAPABILITY: CarriedVector = {
  name: 'score',
  method: 'residual-ridge',
  isLog: false,
  lowerIsBetter: false,
  link: null,
  intercept: 2,
  slope: -1,
  weights: Float64Array.of(-0.2, 0.1, 0.1),
  // Of 19 families and the new one, each counts a twentieth.
  errors: Array.from({ length: 19 }, (_, f) => ({ error: (f + 1) / 100, share: 1 / 20 })),
  models: 19,
  families: 19,
  explainedVariance: notEstimable('made up'),
  gainOverMean: estimate(0.1, { low: 0.05, high: 0.2, level: 0.95 }, 'share', 19),
  lossRange: { low: 1, high: 2 },
  agreement: [1, 0.5, 0.9],
  domains: [{ domain: 'code', ofText: 2 / 3, ofPull: notEstimable('few') }],
}

const FILE: SalienceFile = {
  textSha256: 't',
  models: [{ id: '990k-r4@final', family: '990k-r4' }],
  spans: SPANS,
  capabilities: [CAPABILITY],
}

const readAt = (...losses: number[]) => readCapabilities(FILE, losses, 0.95)[0]

describe('a capability read from losses', () => {
  it('is intercept + slope · mean + Σ weight · loss, with the error that 19 of 20 families stayed below', () => {
    // mean 1.5; 2 − 1.5 − .2·1 + .1·1.5 + .1·2 = .65; the 19th error is .19
    const { score, isBeyond } = readAt(1, 1.5, 2)
    expect(score.kind === 'estimate' && score.value).toBeCloseTo(0.65, 12)
    expect(score.kind === 'estimate' && score.interval.low).toBeCloseTo(0.46, 12)
    expect(isBeyond).toBe(false)
    expect(meanLoss(SPANS, [1, 1.5, 2])).toBeCloseTo(1.5, 12)
  })

  it('is marked outside the losses of the fit, and not told more than 2 % outside', () => {
    expect(readAt(0.99, 0.99, 0.99)).toMatchObject({ isBeyond: true, score: { kind: 'estimate' } })
    expect(readAt(2.03, 2.03, 2.03)).toMatchObject({ isBeyond: true, score: { kind: 'estimate' } })
    for (const far of [0.97, 2.05])
      expect(readAt(far, far, far).score).toMatchObject({
        kind: 'notEstimable',
        reason: expect.stringContaining('1.00 to 2.00'),
      })
  })

  it('is in-sample where the model bears the name of a run of the fit, whatever its checkpoint', () => {
    for (const name of ['990k-r4', '990k-r4@12', 'assay-990k-r4-5914', 'Assay_990K_R4.gguf'])
      expect(isFittedOn(FILE, name), name).toBe(true)
    const owned = { models: [{ id: 'EleutherAI/pythia-70m', family: 'pythia' }] }
    for (const name of ['pythia-70m', 'EleutherAI/pythia-70m', 'copies/Pythia-70M.gguf'])
      expect(isFittedOn(owned, name), name).toBe(true)
    expect(isFittedOn(owned, 'pythia-160m')).toBe(false)
    for (const name of ['990k-r2', '1990k-r4', '990k', '']) expect(isFittedOn(FILE, name), name).toBe(false)
  })

  it('goes to a file and comes back as it was', () => {
    expect(salienceFileFromJson(JSON.parse(JSON.stringify(salienceFileToJson(FILE))))).toEqual(FILE)
  })
})

describe('shares of domains', () => {
  it('are those of the text where the mean alone counts; their sizes add up to 1', () => {
    const domains = domainsOf(SPANS)
    expect(domains.names).toEqual(['code', 'prose'])
    const ofText = sumByDomain(domains, [1 / 3, 1 / 3, 1 / 3])
    expect(ofText).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(1 / 3, 12)])
    const pullOf = (slope: number, weights: readonly number[], better: 1 | -1 = 1): number[] =>
      sharesOfPull(ofText, { slope, weights: sumByDomain(domains, weights) }, better)
    expect(pullOf(-1, [0, 0, 0])).toEqual(ofText)
    // −∂index/∂loss: 2/3 + .2 − .1 over code, 1/3 − .1 over prose, which is 1 together.
    const pull = pullOf(-1, [-0.2, 0.1, 0.1])
    expect(pull).toEqual([expect.closeTo(2 / 3 + 0.1, 12), expect.closeTo(1 / 3 - 0.1, 12)])
    // Of an error, which the same losses raise, the same text is as good.
    expect(pullOf(1, [0.2, -0.1, -0.1], -1)).toEqual(pull)
    // Without a slope, what one domain pulls the other pulls the other way: half each.
    expect(pullOf(0, [-1, 0, 1])).toEqual([0.5, -0.5])
  })

  it('have the percentiles of the draws as interval, which holds the value', () => {
    const draws = Array.from({ length: 101 }, (_, i) => [i / 100, i / 100 - 1])
    const names = ['code', 'prose']
    const [{ ofPull }] = domainShares(names, [0.5, 0.5], [0.97, -0.03], draws, 30, 0.9)
    expect(ofPull).toMatchObject({ value: 0.97, interval: { low: expect.closeTo(0.05, 12), high: 0.97 } })
    const [few] = domainShares(names, [0.5, 0.5], [0.5, 0.5], draws.slice(0, 3), 30, 0.9)
    expect(few.ofPull.kind).toBe('notEstimable')
  })

  it('leave draws out that have none, unless these are most', () => {
    const shares = (draws: readonly (readonly number[])[]) =>
      domainShares(['code'], [0.5], [0.4], draws, 30, 0.9)[0].ofPull
    const draws = Array.from({ length: 30 }, () => [0.4])
    expect(shares([...draws, [Number.NaN], [0]])).toMatchObject({
      value: 0.4,
      interval: { low: 0.4, high: 0.4 },
    })
    expect(shares([...draws, ...draws.map(() => [Number.NaN]), [0]])).toMatchObject({
      reason: '30 of 61 draws of families could be fitted',
    })
  })
})

describe('the strongest values', () => {
  it('come by size, ties in their order, none of 0, without those that are not taken', () => {
    const values = [0, 2, -3, 2, 1, -5, Number.NaN]
    expect(strongest(values, 3)).toEqual([5, 2, 1])
    expect(strongest(values, 9)).toEqual([5, 2, 1, 3, 4])
    expect(strongest(values, 2, (u) => u !== 5)).toEqual([2, 1])
  })
})

describe('passages', () => {
  it('show stable spans alone, coloured by their pull a byte; losing less there is better above 0', () => {
    expect([...salienceOf(spanWeights(SPANS), CAPABILITY)]).toEqual([1, 0, -0.5])
    expect([...salienceOf(spanWeights(SPANS), { ...CAPABILITY, lowerIsBetter: true })]).toEqual([-1, 0, 0.5])
    expect([...salienceOf(spanWeights(SPANS), { ...CAPABILITY, agreement: [] })].some((v) => v !== 0)).toBe(
      false,
    )
  })

  it('leave out what is much shorter than the others', () => {
    const spans = [...SPANS, { document: 'd', domain: 'prose', bytes: { start: 768, end: 773 } }]
    const vector = { ...CAPABILITY, weights: Float64Array.of(-0.2, 0.1, 0.1, 0.5), agreement: [1, 1, 1, 1] }
    expect([...salienceOf(spanWeights(spans), vector)]).toEqual([1, -0.5, -0.5, 0])
  })

  it('stand in their surroundings, cut to what lies beside them', () => {
    const long = 'x'.repeat(200)
    const spans = [0, 1, 2, 3].map((u) => ({ document: u < 3 ? 'a' : 'b', domain: 'd', bytes: null }))
    const pieces = salientPassages(
      spans,
      ['the salient one\n', long, 'after', 'elsewhere'],
      [0.4, 0, 0, -1],
      5,
    )
    expect(pieces.map((p) => p.weight)).toEqual([0, -1, 0, 0.4, 0])
    expect(pieces.map((p) => p.text)).toEqual([
      'd · b\n',
      'elsewhere',
      '\n\nd · a\n',
      'the salient one\n',
      `${'x'.repeat(60)} …`,
    ])
  })

  it('are none where the text is not at hand', () => {
    expect(salientPassages(SPANS, [], [1, 1, 1], 5)).toEqual([])
  })
})
