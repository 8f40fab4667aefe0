/**
 * How often the intervals of the pre-training gain hold a planted truth, how often a gain is claimed where there is
 * none, and what share of true gains a design shows.
 *
 *     npx tsx bench/gain/coverage.ts [trials = 2000] [trials of what is resampled = 500] [case, a part of its name]
 */
import {
  adaptationCurve,
  chanceCentredGain,
  effectiveDataTransferred,
  gainDesign,
  idOodDifference,
  minimumDetectableEffect,
  pretrainingGain,
  retainedShare,
  sampleEfficiency,
} from '../../src/core/gain/index.js'
import { createRandom, type Estimate } from '../../src/core/index.js'
import { DEVIATIONS, fallingErrors, simulateArms, type Truth } from '../../test/coverage/simulated-arms.js'

const TRIALS = Number(process.argv[2] ?? 2000)
const RESAMPLED = Number(process.argv[3] ?? 500)
const ONLY = process.argv[4] ?? ''
const LEVEL = 0.9
const CHANCE = 0.25
const SIZES = [4, 16, 64, 256, 1024, 4096]

const BASE: Truth = {
  sizes: SIZES,
  accuracy: fallingErrors,
  items: 200,
  clusterSize: 4,
  seeds: 3,
  splits: ['id', 'ood'],
  deviations: DEVIATIONS,
}

const CASES: Readonly<Record<string, Truth>> = {
  '200 items in clusters of 4, 3 seeds': BASE,
  'seeds matter twice as much': { ...BASE, deviations: { ...DEVIATIONS, seed: 0.2, seedOfArm: 0.3 } },
  'seeds do nothing': { ...BASE, deviations: { ...DEVIATIONS, seed: 0, seedOfArm: 0 } },
  '400 items alone, 5 seeds': { ...BASE, items: 400, clusterSize: 1, seeds: 5 },
  'both near perfect': { ...BASE, accuracy: (arm) => (arm === 'pretrained' ? 0.995 : 0.985) },
}

class Tally {
  private readonly counts = new Map<string, { held: number; known: number; all: number }>()
  add(name: string, e: Estimate, truth: number): void {
    const own = this.counts.get(name) ?? { held: 0, known: 0, all: 0 }
    this.counts.set(name, own)
    own.all++
    if (e.kind === 'notEstimable') return
    own.known++
    if (e.interval.low <= truth && truth <= e.interval.high) own.held++
  }
  print(): void {
    for (const [name, { held, known, all }] of this.counts) {
      const share = known === 0 ? 'none' : `${((100 * held) / known).toFixed(1)} %`
      console.log(`  ${name.padEnd(28)} holds ${share} of ${known}, no estimate ${all - known}`)
    }
  }
}

/** Examples at which an arm truly reaches a score, by bisection. */
function trueReach(truth: Truth, arm: 'pretrained' | 'scratch', score: number): number {
  let [low, high] = [1e-3, 1e15]
  for (let i = 0; i < 120; i++) {
    const middle = Math.sqrt(low * high)
    if (truth.accuracy(arm, middle, 'id') < score) low = middle
    else high = middle
  }
  return low
}

const bound = (low: number): Estimate => ({
  kind: 'estimate',
  value: low,
  interval: { low, high: Number.MAX_VALUE, level: LEVEL },
  unit: 'ratio',
  n: 1,
})

const mean = (of: (n: number) => number): number => SIZES.reduce((s, n) => s + of(n), 0) / SIZES.length

for (const [name, truth] of Object.entries(CASES)) {
  if (!name.includes(ONLY)) continue
  const tally = new Tally()
  const of = truth.accuracy
  const gain = (split: 'id' | 'ood'): number =>
    mean((n) => of('pretrained', n, split) - of('scratch', n, split))
  const centred = (arm: 'pretrained' | 'scratch'): number => mean((n) => of(arm, n, 'id')) - CHANCE
  for (let trial = 0; trial < TRIALS; trial++) {
    const random = createRandom(1).derive(`${name} ${trial}`)
    const design = gainDesign(simulateArms(truth, random.derive('arms')))
    tally.add('gain', pretrainingGain(design, LEVEL), gain('id'))
    tally.add(
      'gain at n = 64',
      pretrainingGain(design, LEVEL, 'id', 64),
      of('pretrained', 64, 'id') - of('scratch', 64, 'id'),
    )
    tally.add('chance-centred gain', chanceCentredGain(design, CHANCE, LEVEL), gain('id') / (1 - CHANCE))
    tally.add(
      'retained share',
      retainedShare(design, CHANCE, LEVEL),
      centred('scratch') / centred('pretrained'),
    )
    tally.add('ID − OOD', idOodDifference(design, LEVEL), gain('id') - gain('ood'))
    if (trial >= RESAMPLED || of !== fallingErrors) continue
    const draws = random.derive('draws')
    const ratio = trueReach(truth, 'scratch', 0.8) / trueReach(truth, 'pretrained', 0.8)
    const efficiency = sampleEfficiency(design, CHANCE, draws, LEVEL, 'id', 0.8)
    tally.add('sample-efficiency ratio', efficiency.value, ratio)
    if (efficiency.atLeast !== null) tally.add('  its bound', bound(efficiency.atLeast), ratio)
    const transferred = effectiveDataTransferred(design, 16, draws, LEVEL)
    const worth = trueReach(truth, 'scratch', of('pretrained', 16, 'id')) - 16
    tally.add('data transferred at n = 16', transferred.value, worth)
    if (transferred.atLeast !== null) tally.add('  its bound', bound(transferred.atLeast), worth)
    for (const [arm, asymptote, exponent] of [
      ['pretrained', 0.04, 0.5],
      ['scratch', 0.08, 0.3],
    ] as const) {
      const curve = adaptationCurve(design, arm, 'id', draws, LEVEL)
      tally.add(`asymptote, ${arm}`, curve.asymptote, asymptote)
      tally.add(`exponent, ${arm}`, curve.exponent, exponent)
    }
  }
  console.log(name)
  tally.print()
}

const designs = 'power'.includes(ONLY) ? [1, 3, 5] : []
if (designs.length > 0)
  console.log('claimed beyond doubt, by true gain (200 items in clusters of 4, one size)')
for (const seeds of designs)
  for (const planted of [0, 0.03, 0.06, 0.1, 0.15]) {
    let claimed = 0
    let detectable = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      const truth = {
        ...BASE,
        seeds,
        sizes: [64],
        splits: ['id' as const],
        // One seed tells nothing of others: its claim is about these two models, so seeds have no part of their own.
        deviations: seeds === 1 ? { ...DEVIATIONS, seed: 0, seedOfArm: 0 } : DEVIATIONS,
        accuracy: (arm: 'pretrained' | 'scratch') => 0.6 + (arm === 'pretrained' ? planted : 0),
      }
      const design = gainDesign(simulateArms(truth, createRandom(2).derive(`${seeds} ${planted} ${trial}`)))
      const found = pretrainingGain(design, LEVEL)
      if (found.kind === 'estimate' && found.interval.low > 0) claimed++
      detectable += (minimumDetectableEffect(design, LEVEL) ?? 0) / TRIALS
    }
    const share = ((100 * claimed) / TRIALS).toFixed(1)
    console.log(
      `  ${seeds} seeds, gain ${planted}: ${share} %; smallest detectable at 80 %: ${detectable.toFixed(3)}`,
    )
  }
