import { describe, expect, it } from 'vitest'
import { runOf } from '../../../../test/run-of.js'
import { prepare } from '../prepare/prepare.js'
import { discardedOf } from '../signs/discarded.js'
import { restartEvents } from './rollbacks.js'

describe('restartEvents', () => {
  it('counts rows where nothing finite was thrown away, instead of a rise of 0', () => {
    // Steps 0–29 sound, 30–39 NaN, then back to 30 and on.
    const steps = [...Array(40).keys(), ...Array.from({ length: 30 }, (_, i) => 30 + i)]
    const bad = { row: 30, toRow: 39, column: 'loss', found: 'nan' } as const
    const loss = Float64Array.from(steps, (_, i) => (i >= bad.row && i <= bad.toRow ? Number.NaN : 3))
    const [trouble, back] = restartEvents(
      discardedOf(prepare(runOf(steps, { loss, nonFinite: [bad] }))),
      0,
      0,
    )
    expect(trouble).toMatchObject({ code: 'non-finite', fromStep: 30, magnitude: 10, unit: 'rows' })
    expect(back).toMatchObject({ code: 'rolled-back', cause: 'the loss was no longer finite' })
  })
})
