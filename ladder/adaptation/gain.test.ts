import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  createRandom,
  gainDesign,
  type Outcome,
  pretrainingGain,
  sampleEfficiency,
} from '../../src/core/index.js'

function ladderOutcomes(): Outcome[] {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, 'items.csv.gz'))).toString()
  const [, ...rows] = text.trim().split('\n')
  return rows.map((row) => {
    const [arm, n, seed, split, item, correct] = row.split(',')
    return {
      arm: arm === 'pretrained' ? 'pretrained' : 'scratch',
      n: Number(n),
      seed,
      split: split === 'id' ? 'id' : 'ood',
      item,
      score: Number(correct),
    }
  })
}

describe('the ladder’s from-scratch control', () => {
  const outcomes = ladderOutcomes()
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

  it('takes fewer examples to be half-way from guessing', () => {
    const { value } = sampleEfficiency(design, 0.5, createRandom(1), 0.95)
    if (value.kind === 'notEstimable') throw new Error(value.reason)
    expect(value.interval.low).toBeGreaterThan(1)
  })
})
