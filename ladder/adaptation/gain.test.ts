import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  analyseGain,
  createRandom,
  DEFAULT_GAIN_SETTINGS,
  gainDesign,
  type Outcome,
  pretrainingGain,
} from '../../src/core/index.js'
import { readArms } from '../../src/ingest/index.js'

const file = (arm: Outcome['arm']): string => join(import.meta.dirname, `${arm}.csv.gz`)
const { outcomes, notes, settings } = await readArms([file('pretrained')], [file('scratch')], {
  settings: DEFAULT_GAIN_SETTINGS,
})

describe('the ladder’s from-scratch control', () => {
  const design = gainDesign(outcomes)

  it('gains by pre-training: the plain mean of all differences, beyond doubt', () => {
    // Balanced: 6 sizes above 0, 3 seeds, 1,000 items an arm; the mean of differences is that of the arms' means.
    const mean = (arm: Outcome['arm']): number => {
      const own = outcomes.filter((o) => o.arm === arm && o.split === 'id' && o.n > 0)
      expect(own).toHaveLength(6 * 3 * 1000)
      return own.reduce((s, o) => s + o.score, 0) / own.length
    }
    const gain = pretrainingGain(design, 0.95)
    if (gain.kind === 'notEstimable') throw new Error(gain.reason)
    expect(gain.value).toBeCloseTo(mean('pretrained') - mean('scratch'), 12)
    expect(gain.interval.low).toBeGreaterThan(0)
    expect(design).toMatchObject({ pairedSeeds: true, sizes: [16, 64, 128, 256, 512, 2048] })
  })

  it('is read whole, with nothing assumed', () => {
    expect(notes).toEqual([])
    expect(settings.chance).toBe(0.5)
    expect(outcomes).toHaveLength(2 * 7 * 3 * 2 * 1000)
  })

  it('takes fewer examples, gains in margins, and the gap is no wider with more data', () => {
    const analysis = analyseGain(outcomes, settings, createRandom(1))
    const lowOf = (e: typeof analysis.gain): number => (e.kind === 'estimate' ? e.interval.low : Number.NaN)
    expect(lowOf(analysis.sampleEfficiency.value)).toBeGreaterThan(1)
    expect(lowOf(analysis.marginGain)).toBeGreaterThan(0)
    const { gainAtLastSize: last } = analysis
    expect(last.kind === 'estimate' ? last.value : Number.NaN).toBeLessThan(0)
    expect(analysis.decision).toMatchObject({ superior: 'shown', regressed: [] })
  })
})
