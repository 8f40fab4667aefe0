import { describe, expect, it } from 'vitest'
import { createRandom, FORMS, fitByName, type ScalingForm } from '../../core/index.js'
import { fitResult } from './fit-result.js'

describe('the result of a fit', () => {
  it('is made of tables longer than a call takes arguments', () => {
    const rows = 150_000
    const form = FORMS.find((f) => f.id === 'direct') as ScalingForm
    // −ln Q = (C/1e18)^−0.1 as the law has it, each off by its turn.
    const flops = Float64Array.from({ length: rows }, (_, i) => 1e19 * 1000 ** (i / (rows - 1)))
    const table = {
      inputs: Array.from(flops, (c) => Float64Array.of(c)),
      measured: flops.map((c, i) => Math.exp(-((c / 1e18) ** -0.1) * (1 + 0.01 * ((i % 3) - 1)))),
      runs: Int32Array.from(flops, (_, i) => i),
      chance: 0,
    }
    const request = { at: new Map([['flops', 1e24]] as const), budget: null, level: 0.8, resamples: 50 }
    const made = fitByName(form, table, request, createRandom(1))
    const result = fitResult(made, table, request, { inputs: [], seed: 1, notes: [] })
    expect(result.findings[0].title).toContain('flops is 100× beyond the table’s largest')
  }, 60_000)
})
