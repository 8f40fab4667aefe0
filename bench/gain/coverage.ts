/**
 * How often the intervals of the pre-training gain hold a planted truth, how often a gain is claimed where there is
 * none, what share of true gains a design shows, and whether a curve that never gets there gives a number.
 *
 *     npx tsx bench/gain/coverage.ts [trials = 2000] [a part of a case's name] [first trial = 0]
 *
 * writes results.json, case by case; trials from a later first one on are added to those that stand there.
 *
 *     npx tsx bench/gain/page.ts                                                   writes docs/validation/gain.md of it
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  adaptationCurve,
  type Censored,
  chanceCentredGain,
  cleanSubsetGain,
  dataTransferred,
  fitTransferLaw,
  gainAtLastSize,
  gainDesign,
  idOodDifference,
  marginGain,
  minimumDetectableEffect,
  pretrainingGain,
  retainedShare,
  sampleEfficiency,
} from '../../src/core/gain/index.js'
import { createRandom, type Estimate, normalQuantile } from '../../src/core/index.js'
import {
  DEVIATIONS,
  fallingErrors,
  latentDeviation,
  simulateArms,
  type Truth,
} from '../../test/coverage/simulated-arms.js'

const TRIALS = Number(process.argv[2] ?? 2000)
const ONLY = process.argv[3] ?? ''
const FIRST = Number(process.argv[4] ?? 0)
const LEVEL = 0.9
const CHANCE = 0.25
const SIZES = [4, 16, 64, 256, 1024, 4096]
const FILE = join(import.meta.dirname, 'results.json')

/** Share of intervals that held the truth, of those that there were. */
export interface Coverage {
  readonly name: string
  readonly held: number
  readonly known: number
  readonly all: number
}

/** A case that was simulated. */
export interface CoverageResult {
  readonly trials: number
  readonly coverage: readonly Coverage[]
}

/** How often a gain was claimed of a true one, by a design. */
export interface PowerResult {
  readonly seeds: number
  readonly gain: number
  readonly claimed: number
  readonly trials: number
  readonly detectable: number
}

export interface GainResults {
  readonly cases: Readonly<Record<string, CoverageResult>>
  readonly power: readonly PowerResult[]
}

const BASE: Truth = {
  sizes: SIZES,
  accuracy: fallingErrors,
  items: 200,
  clusterSize: 4,
  seeds: 3,
  splits: ['id', 'ood'],
  deviations: DEVIATIONS,
}

/** A truth, how many trials of it, and in how many of these what is resampled (half a second each) is looked at, too. */
interface Case {
  readonly truth: Truth
  readonly trials: number
  readonly resampled: number
}

const of = (change: Partial<Truth>, trials: number, resampled = 0): Case => ({
  truth: { ...BASE, ...change },
  trials,
  resampled,
})
/** A learner that ends at .68. */
const never: Truth['accuracy'] = (arm, n) =>
  arm === 'pretrained' ? fallingErrors(arm, n, 'id') : 0.68 - 0.4 * n ** -0.3

const CASES: Readonly<Record<string, Case>> = {
  '200 items in clusters of 4, 3 seeds': of({}, TRIALS, (TRIALS * 3) / 10),
  'scratch never gets there': of({ accuracy: never, splits: ['id'] }, TRIALS / 4, TRIALS / 4),
  'one item in three in the corpus': of(
    { contaminated: { every: 3, lift: 1 }, splits: ['id'], sizes: [16, 256] },
    TRIALS,
  ),
  'seeds matter twice as much': of({ deviations: { ...DEVIATIONS, seed: 0.2, seedOfArm: 0.3 } }, TRIALS / 2),
  'seeds do nothing': of({ deviations: { ...DEVIATIONS, seed: 0, seedOfArm: 0 } }, TRIALS / 2),
  'both near perfect': of({ accuracy: (arm) => (arm === 'pretrained' ? 0.995 : 0.985) }, TRIALS / 2),
  '400 items alone, 5 seeds': of({ items: 400, clusterSize: 1, seeds: 5 }, TRIALS / 5),
}

function readResults(): GainResults {
  if (!existsSync(FILE)) return { cases: {}, power: [] }
  return JSON.parse(readFileSync(FILE, 'utf8')) as GainResults
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
  /** A number, or a bound that holds where the truth is at least, or at most, so much. */
  censored(name: string, { value, atLeast, atMost }: Censored, truth: number): void {
    this.add(name, value, truth)
    const bound = {
      low: atLeast ?? Number.NEGATIVE_INFINITY,
      high: atMost ?? Number.POSITIVE_INFINITY,
      level: LEVEL,
    }
    const end = atLeast ?? atMost
    const e: Estimate =
      end === null
        ? { kind: 'notEstimable', reason: 'no bound' }
        : { kind: 'estimate', value: end, interval: bound, unit: 'ratio', n: 1 }
    this.add(`${name}, bound`, e, truth)
  }
  get coverage(): Coverage[] {
    return [...this.counts].map(([name, counts]) => ({ name, ...counts }))
  }
}

/** Examples at which an arm truly reaches a score, by bisection; infinite where it never does. */
function trueReach(truth: Truth, arm: 'pretrained' | 'scratch', score: number): number {
  let [low, high] = [1e-3, 1e15]
  if (truth.accuracy(arm, high, 'id') < score) return Number.POSITIVE_INFINITY
  for (let i = 0; i < 120; i++) {
    const middle = Math.sqrt(low * high)
    if (truth.accuracy(arm, middle, 'id') < score) low = middle
    else high = middle
  }
  return low
}

const mean = (of: (n: number) => number, sizes: readonly number[] = SIZES): number =>
  sizes.reduce((s, n) => s + of(n), 0) / sizes.length

function runCase(name: string, { truth, trials, resampled }: Case): CoverageResult {
  const tally = new Tally()
  const { accuracy, sizes } = truth
  const at = (n: number, split: 'id' | 'ood' = 'id'): number =>
    accuracy('pretrained', n, split) - accuracy('scratch', n, split)
  const gain = (split: 'id' | 'ood'): number => mean((n) => at(n, split), sizes)
  const centred = (arm: 'pretrained' | 'scratch'): number => mean((n) => accuracy(arm, n, 'id')) - CHANCE
  const latent = latentDeviation(truth)
  const margin = mean(
    (n) =>
      latent *
      (normalQuantile(accuracy('pretrained', n, 'id')) - normalQuantile(accuracy('scratch', n, 'id'))),
  )
  for (let trial = FIRST; trial < FIRST + trials; trial++) {
    const random = createRandom(1).derive(`${name} ${trial}`)
    const outcomes = simulateArms(truth, random.derive('arms'))
    if (truth.contaminated !== undefined) {
      tally.add('gain without items in the corpus', cleanSubsetGain(outcomes, LEVEL), gain('id'))
      continue
    }
    const design = gainDesign(outcomes)
    tally.add('gain', pretrainingGain(design, LEVEL), gain('id'))
    tally.add('gain at one size', pretrainingGain(design, LEVEL, 'id', 64), at(64))
    tally.add('chance-centred gain', chanceCentredGain(design, CHANCE, LEVEL), gain('id') / (1 - CHANCE))
    tally.add(
      'retained share',
      retainedShare(design, CHANCE, LEVEL),
      centred('scratch') / centred('pretrained'),
    )
    tally.add('gain out of distribution', pretrainingGain(design, LEVEL, 'ood'), gain('ood'))
    tally.add('ID − OOD', idOodDifference(design, LEVEL), gain('id') - gain('ood'))
    tally.add('gain in margins', marginGain(outcomes, LEVEL), margin)
    tally.add(
      'gain at the last size less before',
      gainAtLastSize(design, LEVEL),
      at(4096) - mean(at, SIZES.slice(0, -1)),
    )
    if (trial >= resampled) continue
    const draws = random.derive('draws')
    for (const score of [undefined, 0.8]) {
      const found = sampleEfficiency(design, CHANCE, draws, LEVEL, 'id', score)
      const told = score === undefined ? 'at a common score' : 'at .8'
      const [own, others] = [
        trueReach(truth, 'pretrained', found.score),
        trueReach(truth, 'scratch', found.score),
      ]
      tally.censored(`ratio ${told}`, found, others / own)
      tally.censored(`examples saved ${told}`, found.saved, others - own)
      tally.add(`examples, pre-trained, ${told}`, found.pretrainedExamples, own)
      tally.add(`examples, scratch, ${told}`, found.scratchExamples, others)
    }
    const worth = dataTransferred(design, draws, LEVEL).sizes.find((s) => s.n === 16)
    if (worth !== undefined)
      tally.censored(
        'data transferred at n = 16',
        worth,
        trueReach(truth, 'scratch', accuracy('pretrained', 16, 'id')) - 16,
      )
    if (accuracy !== fallingErrors) continue
    for (const [arm, asymptote, exponent] of [
      ['pretrained', 0.04, 0.5],
      ['scratch', 0.08, 0.3],
    ] as const) {
      const curve = adaptationCurve(design, arm, 'id', draws, LEVEL)
      tally.add(`asymptote, ${arm}`, curve.asymptote, asymptote)
      tally.add(`exponent, ${arm}`, curve.exponent, exponent)
    }
  }
  return { trials, coverage: tally.coverage }
}

/** Points of a planted law D_T = 500·D_F^.18·N^.38 with 10 % of noise. */
function runTransferLaw(): CoverageResult {
  const tally = new Tally()
  for (let trial = 0; trial < TRIALS; trial++) {
    const random = createRandom(3).derive(`${trial}`)
    const points = [1e3, 3e3, 1e4, 3e4].flatMap((fineTuned) =>
      [1e6, 1e7, 1e8].map((params) => ({
        fineTuned,
        params,
        transferred: 500 * fineTuned ** 0.18 * params ** 0.38 * Math.exp(0.1 * random.normal()),
      })),
    )
    const law = fitTransferLaw(points, LEVEL)
    tally.add('ln k', law.logK, Math.log(500))
    tally.add('α', law.alpha, 0.18)
    tally.add('β', law.beta, 0.38)
  }
  return { trials: TRIALS, coverage: tally.coverage }
}

/** Scratch errs by .9·n^−.2, the pre-trained arm as scratch does with 400·n^.5 examples more. */
const LAW = { k: 400, alpha: 0.5 }
const LAWFUL: Truth = {
  ...BASE,
  sizes: [4, 8, 16, 32, 64, 128, 512, 2048, 8192, 32768],
  splits: ['id'],
  accuracy: (arm, n) => 1 - 0.9 * (arm === 'scratch' ? n : n + LAW.k * n ** LAW.alpha) ** -0.2,
}

/** The law of what two arms' curves say: its points share one scratch curve. */
function runLawOfCurves(trials: number): CoverageResult {
  const tally = new Tally()
  for (let trial = 0; trial < trials; trial++) {
    const random = createRandom(4).derive(`${trial}`)
    const { law } = dataTransferred(gainDesign(simulateArms(LAWFUL, random)), random.derive('draws'), LEVEL)
    tally.add('ln k', law.logK, Math.log(LAW.k))
    tally.add('α', law.alpha, LAW.alpha)
  }
  return { trials, coverage: tally.coverage }
}

function runPower(seeds: number): PowerResult[] {
  const out: PowerResult[] = []
  for (const planted of [0, 0.03, 0.06, 0.1, 0.15]) {
    let claimed = 0
    let detectable = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      const truth: Truth = {
        ...BASE,
        seeds,
        sizes: [64],
        splits: ['id'],
        // One seed tells nothing of others: its claim is about these two models, so seeds have no part of their own.
        deviations: seeds === 1 ? { ...DEVIATIONS, seed: 0, seedOfArm: 0 } : DEVIATIONS,
        accuracy: (arm) => 0.6 + (arm === 'pretrained' ? planted : 0),
      }
      const design = gainDesign(simulateArms(truth, createRandom(2).derive(`${seeds} ${planted} ${trial}`)))
      const found = pretrainingGain(design, LEVEL)
      if (found.kind === 'estimate' && found.interval.low > 0) claimed++
      detectable += (minimumDetectableEffect(design, LEVEL) ?? 0) / TRIALS
    }
    out.push({ seeds, gain: planted, claimed, trials: TRIALS, detectable })
  }
  return out
}

function sumOf(a: CoverageResult, b: CoverageResult): CoverageResult {
  return {
    trials: a.trials + b.trials,
    coverage: b.coverage.map(({ name, held, known, all }) => {
      const before = a.coverage.find((c) => c.name === name)
      return {
        name,
        held: held + (before?.held ?? 0),
        known: known + (before?.known ?? 0),
        all: all + (before?.all ?? 0),
      }
    }),
  }
}

function keep(name: string, own: CoverageResult): void {
  const results = readResults()
  const found = FIRST > 0 && name in results.cases ? sumOf(results.cases[name], own) : own
  writeFileSync(
    FILE,
    `${JSON.stringify({ ...results, cases: { ...results.cases, [name]: found } }, null, 2)}\n`,
  )
  console.log(name)
  for (const { name: what, held, known, all } of found.coverage)
    console.log(
      `  ${what.padEnd(40)} ${known === 0 ? 'none' : `${((100 * held) / known).toFixed(1)} %`} of ${known}, of ${all}`,
    )
}

for (const [name, truth] of Object.entries(CASES)) if (name.includes(ONLY)) keep(name, runCase(name, truth))
if ('transfer law'.includes(ONLY)) keep('transfer law', runTransferLaw())
if ('law of two curves'.includes(ONLY)) keep('law of two curves', runLawOfCurves(TRIALS))
for (const seeds of [1, 3, 5])
  if (`power of ${seeds} seeds`.includes(ONLY)) {
    const found = runPower(seeds)
    const results = readResults()
    const others = results.power.filter((p) => p.seeds !== seeds)
    const power = [...others, ...found].sort((a, b) => a.seeds - b.seeds)
    writeFileSync(FILE, `${JSON.stringify({ ...results, power }, null, 2)}\n`)
    console.log(found)
  }
