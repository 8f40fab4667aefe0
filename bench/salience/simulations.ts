/** Made-up tables of which the truth is known: planted spans, scores without salience, intervals of new families. */
import { createRandom, type Random } from '../../src/core/random/index.js'
import { analyseCapabilities, type CapabilityResult, salienceData } from '../../src/core/salience/analyse.js'
import { VectorCarrier } from '../../src/core/salience/carry.js'
import { domainsOf } from '../../src/core/salience/domain-shares.js'
import type { SalienceData } from '../../src/core/salience/estimator.js'
import { SALIENCE_ESTIMATORS } from '../../src/core/salience/estimators/index.js'
import { salienceOf, strongest } from '../../src/core/salience/reading.js'
import { applyVector, salienceVector } from '../../src/core/salience/vector.js'
import { bootstrap, percentileInterval } from '../../src/core/stats/index.js'

const LEVEL = 0.9
const NOISE = 0.05
/** What may be chosen; the readings that are shown beside change no figure here. */
const ESTIMATORS = SALIENCE_ESTIMATORS.filter((e) => e.role !== 'shown')

interface Table {
  readonly data: SalienceData
  readonly y: Float64Array
}

export interface Made {
  readonly models: number
  readonly spans: number
  /** Spans, the first ones, that share a factor of the models. */
  readonly planted: number
  /** What families share, of score and profile, in deviations of the noise. */
  readonly kinship: number
  readonly score: (level: number, factor: number) => number
}

/** Families of two. The planted spans' factor has the deviation of the noise of a span. */
export function made({ models, spans, planted, kinship, score }: Made, random: Random): Table {
  const levels = Array.from({ length: models }, () => 1 + 0.2 * random.normal())
  const factors = levels.map(() => NOISE * random.normal())
  // Compute falls with the level as losses do, with a spread of its own.
  const compute = random.derive('compute')
  const tokens = levels.map((level) => 1e9 * Math.exp(-20 * level + compute.normal()))
  const families = levels.map(() => ({
    profile: Float64Array.from({ length: spans }, () => kinship * NOISE * random.normal()),
    score: 0.01 * kinship * random.normal(),
  }))
  return {
    data: salienceData({
      models: levels.map((_, m) => ({ id: `m${m}`, family: `f${m >> 1}`, params: 1e6, tokens: tokens[m] })),
      spans: Array.from({ length: spans }, (_, u) => ({ document: `${u}`, domain: '', bytes: null })),
      losses: levels.map((level, m) =>
        Float64Array.from(
          { length: spans },
          (_, u) =>
            level + NOISE * random.normal() + families[m >> 1].profile[u] + (u < planted ? factors[m] : 0),
        ),
      ),
    }),
    y: Float64Array.from(
      levels,
      (level, m) => score(level, factors[m]) + families[m >> 1].score + 0.003 * random.normal(),
    ),
  }
}

function analysed({ data, y }: Table, random: Random): CapabilityResult {
  const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
  return analyseCapabilities(
    data,
    [input],
    { level: LEVEL, skillAt: [], repeats: 0, estimators: ESTIMATORS },
    random,
  )[0]
}

/** Mean of a share over units of its own, with the interval of a bootstrap over them. */
export function sharesOver(units: readonly (readonly boolean[])[], seed: number) {
  const share = (drawn: ArrayLike<number>): number => {
    let right = 0
    let all = 0
    units.forEach((unit, i) => {
      right += drawn[i] * unit.filter(Boolean).length
      all += drawn[i] * unit.length
    })
    return right / all
  }
  const draws = bootstrap(units.length, share, createRandom(seed))
  return { value: share(units.map(() => 1)), n: units.flat().length, ...percentileInterval(draws, LEVEL) }
}

/** Share of the top-ranked spans that are planted ones, by table: 40 models, 200 spans of which 5 % are planted. */
export function plantedFound(tables: number): number[] {
  const planted = 10
  return Array.from({ length: tables }, (_, seed) => {
    const random = createRandom(seed).derive('planted')
    const score = (level: number, factor: number): number => 0.9 - 0.3 * level - factor
    const table = made({ models: 40, spans: 200, planted, kinship: 0, score }, random)
    const result = analysed(table, random.derive('analysis'))
    const { losses, spans } = table.data.table
    const asked = { draws: 50, level: LEVEL }
    const carrier = new VectorCarrier(table.data, result, domainsOf(spans), asked, random)
    carrier.add({ losses, weights: table.data.weights, count: spans.length })
    const carried = carrier.finish()
    if (carried === null) throw new Error(`${result.chosen} has no index`)
    const top = strongest(salienceOf(table.data.weights, carried), planted)
    return top.filter((u) => u < planted).length / planted
  })
}

/** Scores that the level alone tells: along a line, along a sigmoid, with families alike in score and profile. */
const NULLS: readonly { name: string; kinship: number; score: (level: number) => number }[] = [
  { name: 'a line in the mean', kinship: 0, score: (level) => 0.9 - 0.3 * level },
  {
    name: 'a sigmoid of the mean',
    kinship: 0,
    score: (level) => 0.25 + 0.6 / (1 + Math.exp(8 * (level - 1))),
  },
  { name: 'a line, families alike', kinship: 1, score: (level) => 0.9 - 0.3 * level },
]

/** Tables of 20 models in which a gain over the plain loss was claimed, by what the score follows. */
export function claimsUnderNull(tables: number): { name: string; claims: number; tables: number }[] {
  return NULLS.map(({ name, ...of }) => {
    let claims = 0
    const each = Math.ceil(tables / NULLS.length)
    for (let seed = 0; seed < each; seed++) {
      const random = createRandom(seed).derive(name)
      const table = made({ models: 20, spans: 60, planted: 0, ...of }, random)
      const { gainOverMean } = analysed(table, random.derive('analysis'))
      if (gainOverMean.kind === 'estimate' && gainOverMean.interval.low > 0) claims++
    }
    return { name, claims, tables: each }
  })
}

/** Whether 90 % intervals held the scores of ten new families each, by table: 20 families are fitted on. */
export function intervalsHeld(tables: number): boolean[][] {
  const known = 40
  return Array.from({ length: tables }, (_, seed) => {
    const random = createRandom(seed).derive('coverage')
    const score = (level: number, factor: number): number =>
      0.25 + 0.6 / (1 + Math.exp(8 * (level + 2 * factor - 1)))
    const { data, y } = made({ models: known + 20, spans: 100, planted: 10, kinship: 0.5, score }, random)
    const { table } = data
    const fittedOn = salienceData({
      models: table.models.slice(0, known),
      spans: table.spans,
      losses: table.losses.slice(0, known),
    })
    const result = analysed({ data: fittedOn, y: y.slice(0, known) }, random.derive('analysis'))
    const vector = salienceVector(fittedOn, result)
    if (vector === null) throw new Error('no vector')
    return table.losses.slice(known).map((losses, i) => {
      const read = applyVector(vector, losses, data.weights, LEVEL)
      return (
        read.kind === 'estimate' && read.interval.low <= y[known + i] && y[known + i] <= read.interval.high
      )
    })
  })
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** The page's section on planted spans. */
export function plantedSection(tables: number): string {
  const found = plantedFound(tables).sort((a, b) => a - b)
  const mean = found.reduce((a, b) => a + b, 0) / found.length
  return `## Planted salience

\`plantedFound\` of \`bench/salience/simulations.ts\`: the score depends on the mean and on 5 % of 200 spans, which share a factor whose deviation is the spans' noise; 40 models of 20 families. Of the ten highest-ranked spans, ${percent(mean)} are planted ones (mean of ${found.length} tables, least ${percent(found[0])}). Bar: ≥ 80 %.
`
}

/** The page's section on gains that are claimed where there is none. */
export function nullSection(tables: number): string {
  const nulls = claimsUnderNull(tables)
  const row = (name: string, claims: number, of: number): string => {
    const half = 1.96 * Math.sqrt(((claims / of) * (1 - claims / of)) / of)
    return `| ${name} | ${claims} of ${of} | ${percent(claims / of)} ± ${percent(half)} |`
  }
  const sum = (of: (c: (typeof nulls)[number]) => number): number => nulls.reduce((a, c) => a + of(c), 0)
  return `## No salience

\`claimsUnderNull\`: the score depends on the mean alone; 20 models of 10 families, 60 spans. A gain is claimed where its interval of ${percent(LEVEL)} lies above 0, by the level in ${percent((1 - LEVEL) / 2)} of tables. Bar: no more often.

| the score is | gain claimed | share |
|---|---|---|
${nulls.map((c) => row(c.name, c.claims, c.tables)).join('\n')}
${row(
  '**all**',
  sum((c) => c.claims),
  sum((c) => c.tables),
)}
`
}

/** The page's section on intervals of new families. */
export function simulatedCoverageSection(tables: number): string {
  const { value, low, high, n } = sharesOver(intervalsHeld(tables), 1)
  return `## Coverage on made-up families

\`intervalsHeld\`: a vector fitted on 40 models of 20 families reads 20 models of ten new families, whose scores and profiles are alike within a family. Of ${n} scores in ${tables} tables, ${percent(value)} lie in their interval of ${percent(LEVEL)}; interval of that share, clustered by table (all its scores share one fit): ${percent(low)} to ${percent(high)}. Bar: it holds ${percent(LEVEL)}.
`
}
