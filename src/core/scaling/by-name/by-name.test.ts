import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.js'
import { chinchilla } from '../forms/chinchilla.js'
import { coverage } from '../forms/coverage.js'
import { FORMS } from '../forms/index.js'
import { overTraining } from '../forms/over-training.js'
import { precision } from '../forms/precision.js'
import { type FitTable, fitByName, splitsBudget } from './index.js'
import { optimalSplit, searchSplit } from './optimum.js'
import { measuredQuantity, toRow } from './quantities.js'

const REQUEST = { at: null, budget: null, level: 0.8, resamples: 200 }

/** Runs of Hoffmann et al.'s law on a grid of sizes and tokens per parameter, each off by `noise`. */
function planted(noise: number, sizes = [7e7, 2e8, 5e8, 1.2e9], ratios = [10, 30, 100]): FitTable {
  const random = createRandom(3).derive('planted')
  const inputs = sizes.flatMap((n) => ratios.map((ratio) => Float64Array.of(n, n * ratio)))
  return {
    inputs,
    measured: Float64Array.from(
      inputs,
      ([n, d]) => (1.69 + 406.4 * n ** -0.34 + 410.7 * d ** -0.28) * Math.exp(noise * random.normal()),
    ),
    runs: Int32Array.from(inputs, (_, i) => i),
    chance: 0,
  }
}

describe('a form fitted by name', () => {
  it('finds the planted parameters and the value at a place, in their own units', () => {
    const at = new Map([
      ['params', 7e9],
      ['tokens', 2e12],
    ] as const)
    const made = fitByName(chinchilla, planted(0), { ...REQUEST, at }, createRandom(1))
    const wanted = [Math.log(406.4), 0.34, Math.log(410.7), 0.28, Math.log(1.69)]
    made.parameters.forEach(({ value, identified }, a) => {
      expect(value).toBeCloseTo(wanted[a], 3)
      expect(identified).toBe(true)
    })
    expect(made.at).toMatchObject({ kind: 'estimate', unit: 'nats/token', n: 12 })
    // 406.4/7e9^.34 = .18315, 410.7/2e12^.28 = .14873
    if (made.at.kind === 'estimate')
      expect(made.at.value).toBeCloseTo(1.69 + 406.4 * 7e9 ** -0.34 + 410.7 * 2e12 ** -0.28, 4)
    expect(made.r2).toBeGreaterThan(0.999999)
    expect(made.converged).toBe(true)
  })

  it('of a table of one size: names what it cannot tell, and tells what it can', () => {
    const table = planted(0.003, [2e8], [5, 10, 20, 40, 80, 160, 320, 640])
    const near = new Map([
      ['params', 2e8],
      ['tokens', 5e10],
    ] as const)
    const far = new Map([
      ['params', 7e9],
      ['tokens', 5e10],
    ] as const)
    const made = fitByName(chinchilla, table, { ...REQUEST, at: near, budget: 1e21 }, createRandom(1))
    // A·N^(−alpha) and E are one constant of such a table; B·D^(−beta) is not part of it.
    const open = made.parameters.filter((p) => p.reason?.startsWith('the rows do not vary') === true)
    expect(open.map((p) => p.name)).toEqual(['logA', 'alpha', 'logE'])
    expect(made.at.kind).toBe('estimate')
    expect(made.optimum?.params).toMatchObject({ kind: 'notEstimable' })
    expect(fitByName(chinchilla, table, { ...REQUEST, at: far }, createRandom(1)).at).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('params is the same in every row'),
    })
  })

  it('of as many rows as parameters, or of one value alone: estimates nothing, and says why', () => {
    const few = planted(0.01, [1e8], [10, 20, 40, 80, 160])
    const flat = { ...planted(0), measured: new Float64Array(12).fill(3) }
    const at = new Map([
      ['params', 1e9],
      ['tokens', 1e10],
    ] as const)
    for (const [table, reason] of [
      [few, '5 rows for 5 parameters: nothing is left to tell the noise from'],
      [flat, 'loss is the same in every row'],
    ] as const) {
      const made = fitByName(chinchilla, table, { ...REQUEST, at, budget: 1e20 }, createRandom(1))
      expect(made.at).toEqual({ kind: 'notEstimable', reason })
      expect(made.optimum?.tokens).toEqual({ kind: 'notEstimable', reason })
      for (const p of made.parameters)
        expect(p).toMatchObject({ low: null, high: null, identified: false, reason })
    }
  })

  it('gives the same for the same seed', () => {
    const made = fitByName(chinchilla, planted(0.005), REQUEST, createRandom(4))
    expect(fitByName(chinchilla, planted(0.005), REQUEST, createRandom(4)).parameters).toEqual(
      made.parameters,
    )
  })

  it('counts checkpoints of one run as one: their shared offset widens the interval', () => {
    const random = createRandom(5).derive('checkpoints')
    const base = planted(0, [7e7, 1.5e8, 3e8, 6e8, 9e8, 1.2e9, 2e9, 3e9], [10, 14, 20, 28, 40])
    const offsets = Array.from({ length: 8 }, () => 0.01 * random.normal())
    const measured = base.measured.map((v, i) => v * Math.exp(offsets[Math.floor(i / 5)]))
    const width = (runs: Int32Array): number => {
      const { at } = fitByName(
        chinchilla,
        { ...base, measured, runs },
        {
          ...REQUEST,
          at: new Map([
            ['params', 7e9],
            ['tokens', 2e11],
          ] as const),
        },
        createRandom(1),
      )
      return at.kind === 'estimate' ? at.interval.high - at.interval.low : Number.NaN
    }
    const apart = width(Int32Array.from(measured, (_, i) => i))
    const together = width(Int32Array.from(measured, (_, i) => Math.floor(i / 5)))
    expect(together).toBeGreaterThan(1.3 * apart)
  })
})

describe('the compute-optimal split', () => {
  const laws = FORMS.filter((form) => form.powers !== undefined)

  it.each(laws.map((form) => [form.id, form] as const))('of %s: closed form = search', (_, form) => {
    const theta = form.example.theta
    const closed = form.powers === undefined ? null : optimalSplit(form.powers(theta), 1e22)
    const found = searchSplit((lnN, lnD) => form.evaluate(theta, [lnN, lnD], null), 1e22)
    expect(Math.log((closed?.params ?? 0) / (found?.params ?? 1))).toBeCloseTo(0, 4)
    expect(6 * (closed?.params ?? 0) * (closed?.tokens ?? 0)).toBeCloseTo(1e22, -16)
  })

  it('of Chinchilla’s law at its published parameters and 5.76e23 FLOPs is 32 billion parameters by hand', () => {
    // ln G = ln(.34·406.4/(.28·410.7))/.62 = .18363/.62 = .2962; ln N = .2962 + (.28/.62)·ln 9.6e22 = .2962 + 23.899
    const { powers, example } = chinchilla
    const split = powers === undefined ? null : optimalSplit(powers(example.theta), 5.76e23)
    expect(Math.log(split?.params ?? 0)).toBeCloseTo(24.195, 2)
    expect(Math.log(split?.tokens ?? 0)).toBeCloseTo(Math.log(9.6e22) - 24.195, 2)
  })

  it('is none where only one of the two lowers the loss', () => {
    expect(optimalSplit({ logA: 1, alpha: 0, logB: 1, beta: 0.3 }, 1e20)).toBeNull()
    expect(searchSplit((lnN) => -lnN, 1e20)).toBeNull()
  })

  it('is asked of laws in parameters and tokens alone', () => {
    expect(splitsBudget(chinchilla) && splitsBudget(overTraining) && splitsBudget(precision)).toBe(true)
    expect(splitsBudget(coverage)).toBe(false)
  })
})

describe('quantities', () => {
  it.each(FORMS.map((form) => [form.id, form] as const))(
    'of %s go to the fitter’s scale and back',
    (_, form) => {
      const quantity = measuredQuantity(form.response)
      const row = form.inputs.map((input, i) => toRow(input, form.example.ranges[i][1]))
      const value = quantity.fromResponse(form.evaluate(form.example.theta, row, null), 0.2)
      expect(quantity.accepts(value)).toBe(true)
      const again = quantity.toResponse(value, 0.2)
      expect(again).toBeCloseTo(form.evaluate(form.example.theta, row, null), 8)
    },
  )

  it('of an accuracy at or below chance, or at 1, have no logarithm', () => {
    const { toResponse } = measuredQuantity('lnNegLnAccuracy')
    expect([toResponse(0.25, 0.25), toResponse(0.1, 0.25), toResponse(1, 0.25)]).toEqual([null, null, null])
    expect(toResponse(0.625, 0.25)).toBeCloseTo(Math.log(Math.log(2)), 12)
  })
})
