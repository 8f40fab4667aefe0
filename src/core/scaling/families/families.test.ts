import { describe, expect, it } from 'vitest'
import { factorise, logDeterminant, solveLower, solveUpper } from '../../linear/index.js'
import { createRandom, type Random } from '../../random/index.js'
import { familyWidening, holds, leaveFamiliesOut } from './back-test.js'
import { askFamily, fitFamilies } from './fit-families.js'
import { logit, scoreOf } from './link.js'
import {
  commonGiven,
  design,
  negativeLogLikelihood,
  ofFamily,
  rowCovariance,
  saidBy,
  together,
} from './mixed-model.js'
import { scoreSpread } from './score-interval.js'
import { blockOf, type FamilyRun, placeOf, SLOPES, spaceOf } from './scores.js'
import { skillsAt } from './skill.js'
import { between, LEVEL_SD, START, type Variances, variancesOf } from './variances.js'

const TRUTH: Variances = {
  slope: 0.5,
  slopeShared: 0.7,
  family: 0.6,
  familyShared: 0.5,
  familySlope: 0.15,
  run: 0.15,
  runShared: 0.4,
  noise: 0.008,
}

/** Draws of a part over the benchmarks: what they share and what each has of its own. */
function draw(random: Random, sd: number, shared: number, J: number): number[] {
  const common = random.normal()
  return Array.from(
    { length: J },
    () => sd * (Math.sqrt(shared) * common + Math.sqrt(1 - shared) * random.normal()),
  )
}

/** Families of two to five sizes whose skills follow the model with known variances. */
function planted(random: Random, families: number, floors: readonly number[]): FamilyRun[] {
  const J = floors.length
  const v = TRUTH
  const slopes = Array.from({ length: SLOPES }, () => draw(random, v.slope, v.slopeShared, J))
  return Array.from({ length: families }, (_, f) => {
    const level = draw(random, v.family, v.familyShared, J)
    const tilt = draw(random, v.familySlope, v.familyShared, J)
    const tokens = 10 ** (11 + 2 * random.uniform())
    return Array.from({ length: 2 + Math.floor(4 * random.uniform()) }, (_, r): FamilyRun => {
      const params = 10 ** (8 + 2.5 * random.uniform())
      const own = draw(random, v.run, v.runShared, J)
      const x = [(Math.log10(params) - 9.2) / 0.75, (Math.log10(tokens) - 12) / 0.6]
      const place = [x[0], x[1], x[0] * x[1]]
      const scores = floors.map((floor, j) => {
        const skill = place.reduce(
          (sum, at, c) => sum + at * slopes[c][j],
          level[j] + tilt[j] * x[0] + own[j] - 0.3,
        )
        return scoreOf(skill, floor) + (1 - floor) * v.noise * random.normal()
      })
      return { family: `f${f}`, name: `f${f}-${r}`, params, tokens, flops: 6 * params * tokens, scores }
    })
  }).flat()
}

const FLOORS = [0.25, 0]
const random = createRandom(5)
const RUNS = planted(random, 3, FLOORS).map((run, i) =>
  i === 1 ? { ...run, scores: [run.scores[0], null] } : run,
)
const SPACE = spaceOf(RUNS, FLOORS, [400, null])
const FAMILIES = [...new Set(RUNS.map((run) => run.family))]
const BLOCKS = FAMILIES.map((family) =>
  blockOf(
    SPACE,
    RUNS.filter((run) => run.family === family),
  ),
)
const V = variancesOf(START)
const J = FLOORS.length

/** Covariance of all rows of all families at once, the common coefficients integrated out the plain way. */
function dense(): { S: Float64Array; z: Float64Array; n: number } {
  const rows = BLOCKS.flatMap((block, b) => Array.from(block.run, (_, i) => ({ block, b, i })))
  const n = rows.length
  const S = new Float64Array(n * n)
  rows.forEach((one, a) => {
    rows.forEach((other, c) => {
      const [j, k] = [one.block.benchmark[one.i], other.block.benchmark[other.i]]
      const [x, y] = [one.block.places[one.i], other.block.places[other.i]]
      S[a * n + c] = between(V.slope, V.slopeShared, j === k) * x.reduce((sum, at, d) => sum + at * y[d], 0)
      if (j === k) S[a * n + c] += LEVEL_SD ** 2
      if (one.b === other.b)
        S[a * n + c] += rowCovariance(V, one.block)[one.i * one.block.run.length + other.i]
    })
  })
  return { S, z: Float64Array.from(rows, ({ block, i }) => block.skill[i]), n }
}

describe('the mixed model of families', () => {
  it('has the likelihood of the normal distribution of all rows', () => {
    const { S, z, n } = dense()
    expect(factorise(S, n)).toBe(true)
    const half = logDeterminant(S, n)
    solveLower(S, z, n)
    const plain = 0.5 * (z.reduce((sum, v) => sum + v * v, 0) + half)
    expect(negativeLogLikelihood(V, BLOCKS, J)).toBeCloseTo(plain, 9)
  })

  it('predicts what conditioning on all rows at once gives, mean and covariance', () => {
    const place = placeOf(SPACE, { params: 2e9, tokens: 3e12 })
    const own = 1
    const { S, z, n } = dense()
    const rows = BLOCKS.flatMap((block, b) => Array.from(block.run, (_, i) => ({ block, b, i })))
    const C = new Float64Array(n * J)
    rows.forEach(({ block, b, i }, a) => {
      for (let j = 0; j < J; j++) {
        const isSame = block.benchmark[i] === j
        C[a * J + j] =
          between(V.slope, V.slopeShared, isSame) *
            place.reduce((sum, at, d) => sum + at * block.places[i][d], 0) +
          (isSame ? LEVEL_SD ** 2 : 0)
        if (b === 0) C[a * J + j] += ofFamily(V, block.places[i], place, isSame)
        if (b === 0 && block.run[i] === own) C[a * J + j] += between(V.run, V.runShared, isSame)
      }
    })
    factorise(S, n)
    const solved = Float64Array.from(z)
    solveLower(S, solved, n)
    solveUpper(S, solved, n)
    const half = Float64Array.from(C)
    solveLower(S, half, n, J)
    const said = BLOCKS.map((block) => saidBy(V, block, J)).filter((s) => s !== null)
    const common = commonGiven(V, together(said, (1 + SLOPES) * J), J)
    const skills = common && skillsAt(V, SPACE, common, BLOCKS[0], place, own)
    for (let j = 0; j < J; j++) {
      let mean = SPACE.centres[j]
      for (let a = 0; a < n; a++) mean += C[a * J + j] * solved[a]
      expect(skills?.mean[j]).toBeCloseTo(mean, 8)
      for (let k = 0; k < J; k++) {
        let value =
          between(V.slope, V.slopeShared, j === k) * place.reduce((sum, at) => sum + at * at, 0) +
          (j === k ? LEVEL_SD ** 2 : 0) +
          ofFamily(V, place, place, j === k) +
          between(V.run, V.runShared, j === k)
        for (let a = 0; a < n; a++) value -= half[a * J + j] * half[a * J + k]
        expect(skills?.covariance[j * J + k]).toBeCloseTo(value, 8)
      }
    }
  })

  it('reads each benchmark’s own coefficients from the design', () => {
    // Benchmark 1 of two at place (2, 3, 6): level, then one slope a coordinate.
    expect([...design([1], [[2, 3, 6]], 2)]).toEqual([0, 1, 0, 2, 0, 3, 0, 6])
  })

  it('holds 80 % of the models of families that were left out inside 80 % intervals, and beats copying', () => {
    const floors = [0.25, 0.25, 0.5, 0, 0.1]
    let inside = 0
    let count = 0
    let error = 0
    let copied = 0
    for (let trial = 0; trial < 6; trial++) {
      const runs = planted(createRandom(100 + trial), 20, floors)
      const fit = fitFamilies(
        runs,
        floors,
        floors.map(() => null),
      )
      const leftOut = fit === null ? [] : leaveFamiliesOut(fit)
      // Widened by the other families alone: a family does not judge itself.
      const families = [...new Set(leftOut.map((l) => l.family))]
      const widening = new Map(
        families.map((family) => [
          family,
          familyWidening(
            leftOut.filter((l) => l.family !== family),
            floors.length,
          ),
        ]),
      )
      for (const l of leftOut) {
        count++
        inside += holds(l, 1.2816 * (widening.get(l.family)?.[l.benchmark] ?? Number.NaN)) ? 1 : 0
        error += Math.abs(l.predicted - l.observed)
        copied += Math.abs(l.copied - l.observed)
      }
    }
    expect(count).toBeGreaterThan(800)
    expect(inside / count).toBeGreaterThan(0.74)
    expect(inside / count).toBeLessThan(0.86)
    expect(error / copied).toBeLessThan(0.6)
  })

  it('knows a model better the more of its own scores are known', () => {
    const floors = [0.25, 0.25, 0.5, 0, 0.1]
    const runs = planted(createRandom(9), 20, floors)
    const fit = fitFamilies(
      runs,
      floors,
      floors.map(() => null),
    )
    if (fit === null) throw new Error('no fit')
    const [first] = runs
    const half = { ...first, scores: first.scores.map((score, j) => (j < 3 ? score : null)) }
    const deviation = (known: readonly FamilyRun[], own?: string): number =>
      Math.sqrt(askFamily(fit, first.family, known)(first, own)?.covariance[4 * 5 + 4] ?? Number.NaN)
    expect(deviation([half], half.name)).toBeLessThan(0.9 * deviation([]))
  })
})

describe('from logits to scores', () => {
  it('goes to and fro, and keeps scores at chance finite', () => {
    expect(scoreOf(logit(0.7, 0.25), 0.25)).toBeCloseTo(0.7, 12)
    // A share of .01 of the way from .25 to 1.
    expect(scoreOf(logit(0.2, 0.25), 0.25)).toBeCloseTo(0.2575, 12)
  })

  it('adds the noise of the measurement in quadrature: √(.02² + .25/400) at a certain score of one half', () => {
    const { below, above } = scoreSpread({ floors: [0], items: [400] }, 0, 0, 0, 0.02, 1)
    expect(below).toBeCloseTo(Math.sqrt(0.0004 + 0.25 / 400), 12)
    expect(above).toBeCloseTo(below, 12)
  })
})
