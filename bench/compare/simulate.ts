/**
 * How often two seeds of one model are called different, how often a true difference is told, and how many of the differences
 * told among many models and benchmarks are false. Writes docs/validation/compare.md.
 *
 *     npx tsx bench/compare/simulate.ts [trials = 10000]
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  bootstrapRatio,
  type ComparedBenchmark,
  compareModels,
  createRandom,
  mcnemarMidP,
  normalQuantile,
  pairedDifference,
  studentQuantile,
} from '../../src/core/index.js'
import {
  type AnswerTruth,
  alike,
  NULL_CASES,
  simulateAnswers,
} from '../../test/coverage/simulated-answers.js'

const TRIALS = Number(process.argv[2] ?? 10_000)
/** Bootstraps cost 300 draws each. */
const BOOTSTRAPS = Math.min(400, TRIALS)
const LEVEL = 0.95
const PAGE = join(import.meta.dirname, '../../docs/validation/compare.md')

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** P(at most as many on the smaller side, or as few on the other), exact and two-sided. */
function exactP(gained: number, lost: number): number {
  const n = gained + lost
  const fewer = Math.min(gained, lost)
  let term = 0.5 ** n
  let tail = term
  for (let k = 1; k <= fewer; k++) {
    term *= (n - k + 1) / k
    tail += term
  }
  return Math.min(1, 2 * tail)
}

/** Whether a paired bootstrap over clusters leaves 0 out of its interval. */
function bootstrapTells(
  a: readonly number[],
  b: readonly number[],
  clusters: readonly number[],
  seed: number,
): boolean {
  const units = new Map<number, { numerator: number; denominator: number }>()
  clusters.forEach((c, i) => {
    const unit = units.get(c) ?? { numerator: 0, denominator: 0 }
    units.set(c, { numerator: unit.numerator + b[i] - a[i], denominator: unit.denominator + 1 })
  })
  const { interval } = bootstrapRatio([...units.values()], createRandom(seed), LEVEL, 300)
  return interval.low > 0 || interval.high < 0
}

function nullRow(name: string, truth: AnswerTruth): string[] {
  const random = createRandom(1).derive(name)
  const told = { decided: 0, student: 0, midP: 0, exact: 0, naive: 0, bootstrap: 0 }
  let discordant = 0
  const isBinary = truth.parts === undefined
  const isClustered = truth.clusters.some((size) => size > 1)
  for (let trial = 0; trial < TRIALS; trial++) {
    const { a, b, clusters } = simulateAnswers(truth, random)
    const found = pairedDifference({ a, b, clusters }, LEVEL)
    const { low, high } = found.estimate.kind === 'estimate' ? found.estimate.interval : { low: 0, high: 0 }
    if ((found.p ?? 1) <= 0.05) told.decided++
    if (low > 0 || high < 0) told.student++
    if (found.discordant !== undefined) {
      const { gained, lost } = found.discordant
      discordant += gained + lost
      if (mcnemarMidP(gained, lost) <= 0.05) told.midP++
      if (exactP(gained, lost) <= 0.05) told.exact++
    }
    if (isClustered) {
      const alone = pairedDifference({ a, b, clusters: a.map((_, i) => i) }, LEVEL)
      if ((alone.p ?? 1) <= 0.05) told.naive++
    }
    if (trial < BOOTSTRAPS && bootstrapTells(a, b, clusters, trial)) told.bootstrap++
  }
  return [
    name,
    isBinary ? (discordant / TRIALS).toFixed(1) : '',
    `**${percent(told.decided / TRIALS, 2)}**`,
    percent(told.student / TRIALS, 2),
    isBinary && !isClustered ? percent(told.midP / TRIALS, 2) : '',
    isBinary && !isClustered ? percent(told.exact / TRIALS, 2) : '',
    percent(told.bootstrap / BOOTSTRAPS),
    isClustered ? percent(told.naive / TRIALS, 2) : '',
  ]
}

/** Distribution function of the normal, by its quantile. */
function normalShare(z: number): number {
  let [low, high] = [1e-12, 1 - 1e-12]
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (normalQuantile(middle) < z) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function powerRow(name: string, truth: AnswerTruth, trials: number): string[] {
  const random = createRandom(2).derive(`${name}/${truth.shift}`)
  let told = 0
  let sum = 0
  let covered = 0
  const found = Array.from({ length: trials }, () => {
    const own = pairedDifference(simulateAnswers(truth, random), LEVEL)
    if ((own.p ?? 1) <= 0.05) told++
    if (own.estimate.kind === 'estimate') sum += own.estimate.value
    return own
  })
  const mean = sum / trials
  let computed = 0
  let detectable = 0
  for (const { error, degrees, detectable: least, estimate: e } of found) {
    computed += normalShare(mean / error - studentQuantile((1 + LEVEL) / 2, degrees)) / trials
    detectable += (least ?? 0) / trials
    if (e.kind === 'estimate' && e.interval.low <= mean && e.interval.high >= mean) covered++
  }
  return [
    name,
    percent(mean),
    percent(detectable),
    percent(computed),
    percent(told / trials),
    percent(covered / trials),
  ]
}

/** Share of told differences that are false, and of runs that tell any, over models and benchmarks. */
function manyRow(name: string, models: number, better: number, benchmarks: number, trials: number): string[] {
  const random = createRandom(3).derive(name)
  let runs = 0
  let rate = 0
  let ranks = 0
  for (let trial = 0; trial < trials; trial++) {
    const all = Array.from({ length: benchmarks }, (_, k): ComparedBenchmark => {
      const scores = Array.from({ length: models }, () => [] as number[])
      for (let i = 0; i < 200; i++) {
        const hard = 2 * random.normal()
        for (let m = 0; m < models; m++) {
          const p = 1 / (1 + Math.exp(hard - (m < better ? 1 : 0) - 0.5 * random.normal()))
          scores[m].push(random.uniform() < p ? 1 : 0)
        }
      }
      return {
        benchmark: String(k),
        clusters: Array.from({ length: 200 }, (_, i) => i),
        scores,
        told: scores.map(() => undefined),
      }
    })
    const names = Array.from({ length: models }, (_, m) => String(m))
    const { pairs, overall } = compareModels(names, all, { level: LEVEL })
    const isSame = ({ a, b }: { a: string; b: string }): boolean => Number(a) < better === Number(b) < better
    const told = pairs.filter(({ verdict }) => verdict !== 'undecided')
    const wrong = told.filter(isSame).length
    if (wrong > 0) runs++
    rate += wrong / Math.max(1, told.length) / trials
    if (overall.some((pair) => pair.verdict !== 'undecided' && isSame(pair))) ranks++
  }
  return [name, percent(rate), percent(runs / trials), percent(ranks / trials)]
}

/** How often a drop that is as large as it may be is called a regression. */
function dropShare(trials: number): number {
  const random = createRandom(4)
  let mean = 0
  const clusters = alike(500)
  const truth: AnswerTruth = { clusters, shift: -0.3, ofCluster: 0, ofItem: 0.5, difficulty: 1.5 }
  const all = Array.from({ length: trials }, () => simulateAnswers(truth, random))
  for (const { a, b } of all) for (let i = 0; i < a.length; i++) mean += (b[i] - a[i]) / a.length / trials
  const regressed = all.filter(({ a, b, clusters: own }) => {
    const benchmark: ComparedBenchmark = {
      benchmark: 'x',
      clusters: own,
      scores: [a, b],
      told: [undefined, undefined],
    }
    return compareModels(['a', 'b'], [benchmark], { maxDrop: -mean }).pairs[0].drop === 'regressed'
  })
  return regressed.length / trials
}

const items: AnswerTruth = { clusters: alike(500), shift: 0, ofCluster: 0, ofItem: 0.5, difficulty: 1.5 }
const clustered: AnswerTruth = { clusters: alike(100, 5), shift: 0, ofCluster: 1, ofItem: 0.5, difficulty: 1 }

const page = `# Comparing models: how often it is wrong

Written by \`npx tsx bench/compare/simulate.ts\`. Made-up answers: P(right) = σ(ability − difficulty + what a seed makes of the cluster +
of the item); two seeds of one model have one ability.

## Two seeds of one model

${TRIALS.toLocaleString('en')} trials each: share that is called different at 5 %. *Decided* is the p that decides (McNemar's mid-p below 25 items that tell
the models apart, Student's t over clusters otherwise); the bootstrap is paired over clusters, ${BOOTSTRAPS.toLocaleString('en')} trials.

${table(
  [
    '',
    'items that tell them apart',
    'decided',
    'Student’s t',
    'McNemar, mid-p',
    'McNemar, exact',
    'bootstrap',
    'clusters ignored',
  ],
  Object.entries(NULL_CASES).map(([name, truth]) => nullRow(name, truth)),
)}

## True differences

${(TRIALS / 5).toLocaleString('en')} trials each. *Computed*: the power that the standard error says, mean over trials; the smallest detectable difference is the one that
is told 80 % of the time.

${table(
  ['', 'true difference', 'smallest detectable', 'computed power', 'told', 'intervals that hold it'],
  [
    ...[0.15, 0.3, 0.45].map((shift) => powerRow('500 items', { ...items, shift }, TRIALS / 5)),
    ...[0.2, 0.4, 0.6].map((shift) => powerRow('100 clusters of 5', { ...clustered, shift }, TRIALS / 5)),
  ],
)}

## Many models and benchmarks

${(TRIALS / 50).toLocaleString('en')} runs each, 200 items a benchmark; the false discovery rate is held to 5 %.

${table(
  ['', 'false among those told', 'runs that tell a false one', 'rankings that part two alike'],
  [
    manyRow('2 models alike, 20 benchmarks', 2, 0, 20, TRIALS / 50),
    manyRow('12 models alike, 5 benchmarks', 12, 0, 5, TRIALS / 50),
    manyRow('12 models, 6 of them better, 5 benchmarks', 12, 6, 5, TRIALS / 50),
  ],
)}

## Largest drop

A model that lost exactly what it may on 500 items is called a regression in ${percent(dropShare(TRIALS / 5))} of ${(TRIALS / 5).toLocaleString('en')} trials (2.5 % is meant).
`
writeFileSync(PAGE, page)
process.stdout.write(page)
