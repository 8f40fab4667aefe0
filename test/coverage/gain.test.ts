/** Intervals of the pre-training gain, and claims where there is none; 2,000 trials each: bench/gain/coverage.ts. */
import { describe, expect, it } from 'vitest'
import { gainDesign, idOodDifference, pretrainingGain, retainedShare } from '../../src/core/gain/index.js'
import { createRandom, type Estimate } from '../../src/core/index.js'
import { DEVIATIONS, fallingErrors, simulateArms, type Truth } from './simulated-arms.js'

const TRIALS = 200
/** Three standard errors of a share of .9 over the trials. */
const SLACK = 3 * Math.sqrt((0.9 * 0.1) / TRIALS)

const holds = (e: Estimate, truth: number): number =>
  e.kind === 'estimate' && e.interval.low <= truth && truth <= e.interval.high ? 1 : 0

const TRUTH: Truth = {
  sizes: [16, 256],
  accuracy: fallingErrors,
  items: 200,
  clusterSize: 4,
  seeds: 3,
  splits: ['id', 'ood'],
  deviations: DEVIATIONS,
}

describe('gain over items in clusters and three seeds', () => {
  it('its 90-percent intervals hold the truth', { timeout: 60_000 }, () => {
    const mean = (arm: 'pretrained' | 'scratch', split: 'id' | 'ood'): number =>
      TRUTH.sizes.reduce((s, n) => s + fallingErrors(arm, n, split) / TRUTH.sizes.length, 0)
    const id = mean('pretrained', 'id') - mean('scratch', 'id')
    const ood = mean('pretrained', 'ood') - mean('scratch', 'ood')
    const share = (mean('scratch', 'id') - 0.25) / (mean('pretrained', 'id') - 0.25)
    let [gains, differences, shares] = [0, 0, 0]
    for (let trial = 0; trial < TRIALS; trial++) {
      const design = gainDesign(simulateArms(TRUTH, createRandom(trial)))
      gains += holds(pretrainingGain(design, 0.9), id)
      differences += holds(idOodDifference(design, 0.9), id - ood)
      shares += holds(retainedShare(design, 0.25, 0.9), share)
    }
    for (const held of [gains, differences, shares]) expect(held / TRIALS).toBeGreaterThan(0.9 - SLACK)
  })

  it('claims no gain where there is none', { timeout: 60_000 }, () => {
    const none: Truth = { ...TRUTH, sizes: [64], splits: ['id'], accuracy: () => 0.6 }
    let claimed = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      const gain = pretrainingGain(gainDesign(simulateArms(none, createRandom(trial))), 0.9)
      if (gain.kind === 'estimate' && gain.interval.low > 0) claimed++
    }
    // 5 % are expected beyond one end of a 90 % interval, three standard errors are 4.6 points.
    expect(claimed / TRIALS).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / TRIALS))
  })
})
