import { describe, expect, it } from 'vitest'
import type { EvaluationRow, ProblemSamples } from '../../evidence/index.js'
import { createRandom } from '../../random/index.js'
import { FORMS } from '../forms/index.js'
import { planSampling } from './index.js'
import { fitSamplingLaw } from './law.js'
import { type SamplingPoint, samplingPoints } from './points.js'

const [C0, C1, C2, C3] = [9, -0.17, 0.4, -0.015]
const TARGET = { params: 7e9, tokens: 1e12, flops: 1e22 }
const OPTIONS = { ks: [1, 10], tokensPerSample: 100, level: 0.8 }
const COMPUTE = [2e20, 4e20, 1e21, 2e21, 4e21]
const KS = [1, 4, 16, 64]

/** The planted law, ln(−ln Q) = 9 − .17·ln C + .4·ln k − .015·ln C·ln k, each run off by `offset` in it. */
function rate(c: number, k: number, offset = 0): number {
  return Math.exp(
    -Math.exp(C0 + C1 * Math.log(c) + C2 * Math.log(k) + C3 * Math.log(c) * Math.log(k) + offset),
  )
}

function row(flops: number, k: number, more: Partial<EvaluationRow> = {}): EvaluationRow {
  return {
    model: `m${flops}`,
    family: null,
    params: null,
    tokens: null,
    flops,
    checkpoint: null,
    benchmark: 'task',
    metric: `pass@${k}`,
    value: rate(flops, k),
    n_items: null,
    chance: 0,
    k,
    loss: null,
    task_loss: null,
    subset: null,
    source: `t.csv:${flops}`,
    ...more,
  }
}

const ROWS = COMPUTE.flatMap((flops) => KS.map((k) => row(flops, k)))

describe('a plan of repeated sampling', () => {
  it('recovers the planted surface and the compute of equal quality', () => {
    const { plans } = planSampling(ROWS, [], TARGET, OPTIONS)
    const [one, ten] = plans[0].rows
    if (ten.passRate.kind !== 'estimate') throw new Error(ten.passRate.reason)
    expect(ten.passRate.value).toBeCloseTo(rate(1e22, 10), 6)
    expect(rate(ten.equalFlops ?? 0, 1)).toBeCloseTo(rate(1e22, 10), 6)
    expect(ten.inferenceFlops).toBe(10 * 2 * 7e9 * 100)
    expect(one.breakEvenProblems).toBeNull()
    expect(ten.breakEvenProblems).toBeCloseTo(((ten.equalFlops ?? 0) - 1e22) / (9 * 2 * 7e9 * 100), -3)
    const { parameters } = FORMS.find((form) => form.roles.some((role) => role.as === 'sampling')) ?? {
      parameters: [],
    }
    expect(Object.keys(plans[0].parameters)).toEqual(parameters.map((p) => p.name))
  })

  it('does not take an offset of a run for an effect of k, where runs report different k', () => {
    // Least squares over all points gives the run with k = 64 alone its offset as a slope in k.
    const points: SamplingPoint[] = COMPUTE.flatMap((flops, i) =>
      (i === 4 ? [16, 64, 256] : [1, 4, 16]).map((k) => ({
        run: `m${flops}`,
        flops,
        k,
        passRate: rate(flops, k, i === 4 ? 0.2 : 0),
        metric: 'pass@k',
        items: null,
        source: 't.csv',
      })),
    )
    const law = fitSamplingLaw(points)
    expect(law?.theta[2]).toBeCloseTo(C2, 9)
    expect(law?.theta[3]).toBeCloseTo(C3, 9)
  })

  it('has the interval that simple regression gives by hand, where every run reports every k', () => {
    // Offsets +.1, −.1, +.1, −.1, 0 at equally spaced ln C: with x = −2…2 their mean is 0 and their slope
    // Σx·e/Σx² = (−2·.1 + .1 + 0 − .1)/10 = −.02, so residuals are .06, −.12, .1, −.08, .04 and Σr² = .036.
    const compute = [-2, -1, 0, 1, 2].map((x) => Math.exp(48 + x))
    const offsets = [0.1, -0.1, 0.1, -0.1, 0]
    const points = compute.flatMap((flops, i) =>
      KS.map((k) => ({
        run: `m${i}`,
        flops,
        k,
        passRate: rate(flops, k, offsets[i]),
        metric: 'p',
        items: null,
        source: 't.csv',
      })),
    )
    // At x = 4: t(.9, 3) = 1.6377, s = √(.036/3), h = 1/5 + 16/10.
    const half = fitSamplingLaw(points)?.halfWidth(Math.exp(52), 16, 0.8)
    expect(half).toBeCloseTo(1.637744 * Math.sqrt((0.036 / 3) * 1.8), 5)
  })

  it('widens by the items that a measurement will be held against', () => {
    const width = (n_items: number | null): number => {
      const rows = COMPUTE.flatMap((flops) => KS.map((k) => row(flops, k, { n_items })))
      const [, ten] = planSampling(rows, [], TARGET, OPTIONS).plans[0].rows
      return ten.passRate.kind === 'estimate'
        ? ten.passRate.interval.high - ten.passRate.interval.low
        : Number.NaN
    }
    const q = rate(1e22, 10)
    expect(width(null)).toBeLessThan(1e-6)
    // Two-sided 80 % of a binomial share of 400 items, to first order.
    expect(width(400) / (2 * 1.28155 * Math.sqrt((q * (1 - q)) / 400))).toBeCloseTo(1, 1)
  })

  it('counts a run with several checkpoints once', () => {
    const checkpoints = COMPUTE.flatMap((flops, i) =>
      [0.5, 1].flatMap((part) => KS.map((k) => row(part * flops, k, { model: `m${i}` }))),
    )
    const { plans } = planSampling(checkpoints, [], TARGET, OPTIONS)
    expect(plans[0].runs).toBe(5)
    expect(plans[0].points).toBeLessThanOrEqual(40)
  })

  it('fits no pass rate of .05 or less, and abstains below five runs', () => {
    const weak = row(1e17, 1, { model: 'weak', value: 0.05 })
    const { plans } = planSampling([...ROWS, weak], [], TARGET, OPTIONS)
    expect(plans[0]).toMatchObject({ runs: 5, points: ROWS.filter((r) => r.value > 0.05).length })
    for (const runs of [3, 4]) {
      const few = ROWS.filter((r) => COMPUTE.indexOf(r.flops ?? 0) < runs)
      expect(planSampling(few, [], TARGET, OPTIONS).abstentions[0].reason).toContain(
        `${runs} usable runs, 5 needed`,
      )
    }
  })

  it('abstains where nothing can be said: one k, far away, more samples worse, copying better', () => {
    const reasonOf = (rows: readonly EvaluationRow[], target = TARGET): string | undefined =>
      planSampling(rows, [], target, OPTIONS).abstentions[0]?.reason
    expect(reasonOf(ROWS.filter((r) => r.k === 16))).toContain('one value of k')
    expect(reasonOf(ROWS, { ...TARGET, flops: 1e25 })).toContain('2,500× the compute')
    expect(reasonOf(COMPUTE.flatMap((c) => KS.map((k) => row(c, k, { value: rate(c, 64 / k) }))))).toContain(
      'pass less often',
    )
    const random = createRandom(3)
    const flat = COMPUTE.flatMap((c) => {
      const level = 0.3 + 0.02 * random.normal()
      return KS.map((k) => row(c, k, { value: level + 0.01 * Math.log(k) }))
    })
    // Of runs that do not grow, a line through their noise errs more than the last one does.
    const planned = planSampling(flat, [], TARGET, OPTIONS)
    for (const { backTest } of planned.plans) expect(backTest?.mae).toBeLessThan(backTest?.baselineMae ?? 0)
    expect(planned.plans.length + planned.abstentions.length).toBe(1)
  })

  it('tells runs of several sizes under one name apart', () => {
    const named = COMPUTE.flatMap((flops, i) =>
      KS.map((k) => row(flops, k, { model: 'm', params: 1e8 * 3 ** i })),
    )
    const { plans } = planSampling(named, [], TARGET, OPTIONS)
    expect(plans[0].runs).toBe(new Set(ROWS.filter((r) => r.value > 0.05).map((r) => r.flops)).size)
  })

  it('reads percentages as shares, and refuses metrics where lower is better', () => {
    const rows = COMPUTE.flatMap((flops, i) =>
      KS.map((k, j) => row(flops, k, { value: 0.1 + 0.1 * i + 0.1 * j })),
    )
    const wrong = row(1e19, 4, { metric: 'error', value: 0.3, source: 't.csv:9' })
    const percent = rows.map((r) => ({ ...r, value: 100 * r.value }))
    const rates = (given: readonly EvaluationRow[]): number[] | undefined =>
      samplingPoints(given, [], [1])
        .points.get('task')
        ?.map((p) => p.passRate)
    expect(rates(rows)).toEqual(rows.map((r) => r.value))
    expect(rates([...percent, wrong])).toEqual(percent.map((r) => r.value / 100))
    const { abstentions, dropped } = planSampling([...percent, wrong], [], TARGET, OPTIONS)
    expect(abstentions).toEqual([])
    expect(dropped).toEqual([{ source: 't.csv:9', reason: expect.stringContaining('lower is better') }])
  })

  it('takes the mean of rates of one run and k that differ, and names their rows', () => {
    const twice = { ...ROWS[0], value: ROWS[0].value + 0.1, source: 't.csv:77' }
    const { points, contradictions } = samplingPoints([...ROWS, twice, { ...ROWS[1] }], [], [1])
    expect(points.get('task')).toHaveLength(ROWS.length)
    expect(points.get('task')?.[0].passRate).toBeCloseTo(ROWS[0].value + 0.05, 12)
    expect(contradictions.map((c) => c.rows.map((r) => r.source))).toEqual([[ROWS[0].source, 't.csv:77']])
  })

  it('weighs the law without its interaction by runs: more values of k are no more evidence', () => {
    // Noise of runs alone and every k twice as dense: the squares of slopes double, and so would evidence by points.
    const points = (ks: readonly number[]): SamplingPoint[] =>
      COMPUTE.flatMap((flops, i) =>
        ks.map((k) => ({
          ...{ run: `m${i}`, flops, k, metric: 'p', items: null, source: 't.csv' },
          passRate: rate(flops, k, 0.05 * (i % 2) * Math.log(k)),
        })),
      )
    const favour = (ks: readonly number[]): number =>
      (fitSamplingLaw(points(ks), false)?.criterion ?? 0) - (fitSamplingLaw(points(ks))?.criterion ?? 0)
    expect(favour([1, 1, 16, 16, 256, 256])).toBeCloseTo(favour([1, 16, 256]), 9)
  })

  it('takes per-problem samples by the unbiased estimator', () => {
    const samples: ProblemSamples[] = [0, 1, 2, 4].map((c) => ({
      model: 'm',
      family: null,
      params: 1e9,
      tokens: 2e10,
      flops: null,
      checkpoint: null,
      benchmark: 'code',
      problem: `p${c}`,
      n: 4,
      c,
      source: 's',
    }))
    // pass@2 of c right of 4: 0, 1 − C(3,2)/C(4,2) = 1/2, 1 − 1/6 = 5/6, 1; the mean is 7/12.
    const [, two] = samplingPoints([], samples, [2]).points.get('code') ?? []
    expect(two).toMatchObject({ k: 2, flops: 6 * 1e9 * 2e10, items: 4 })
    expect(two.passRate).toBeCloseTo(7 / 12, 12)
  })
})
