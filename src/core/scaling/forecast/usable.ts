import { benchmarkName, knownChance, preferredMetric } from '../../benchmarks/index.js'
import { groupBy } from '../../collections.js'
import type { EvaluationRow } from '../../evidence/index.js'
import { mean } from '../../stats/index.js'
import { type Checkpoints, thinCheckpoints } from './checkpoints.js'
import {
  type Contradiction,
  type Dropped,
  inShares,
  isAccuracy,
  type Measured,
  measuredOf,
  runNames,
  withoutRepeats,
} from './measured.js'
import type { RunPoint } from './point.js'
import { undecayedCheckpoints } from './undecayed.js'

/** One benchmark (of one family, when forecasts are made by family), ready to fit. */
export interface Benchmark {
  readonly name: string
  readonly metric: string
  readonly family: string | null
  readonly chance: number
  /** False when nobody told the chance level and the name is unknown: 0 was taken. */
  readonly chanceKnown: boolean
  /** Items of the evaluation of the largest run that tells them; null where none does. */
  readonly items: number | null
  /** Everything measured, for charts: near-chance points included. */
  readonly all: readonly RunPoint[]
  /** Points above the near-chance filter: what is fitted. */
  readonly usable: readonly RunPoint[]
}

/** Which evaluations a forecast may be fitted to. */
export interface UsableOptions {
  /** Points must be above chance by more than this. */
  readonly margin: number
  readonly checkpoints: Checkpoints
  /** Sources of rows that were measured before the decay of the learning rate, as their table tells. */
  readonly undecayed: ReadonlySet<string>
  readonly byFamily: boolean
  /** Name of a new benchmark → its parts: means of accuracy and chance, items by the noise of the mean. */
  readonly aggregates: ReadonlyMap<string, readonly string[]>
  /** Chance levels that override the data's. */
  readonly chance: ReadonlyMap<string, number>
  /** Forecast these alone, when given. */
  readonly only: ReadonlySet<string> | null
  /** Metric to use wherever it exists. */
  readonly metric: string | null
}

/** Five points above chance (docs/methods/scaling.md#usable-points); two points doubled the error on one set. */
export const NEAR_CHANCE_MARGIN = 0.05

export const DEFAULT_USABLE: UsableOptions = {
  margin: NEAR_CHANCE_MARGIN,
  checkpoints: 'auto',
  undecayed: new Set(),
  byFamily: false,
  aggregates: new Map(),
  chance: new Map(),
  only: null,
  metric: null,
}

/** Five at least: fewer points, and no forecast is made (docs/methods/scaling.md#usable-points). */
export const MINIMUM_POINTS = 5
/** Fewer distinct runs: a bootstrap over runs would be a fiction. */
export const MINIMUM_RUNS = 2

/** What was made of checkpoints from before the decay of the learning rate. */
export interface UndecayedReport {
  readonly toldBy: 'schedule' | 'loss' | 'accuracy'
  /** Runs that showed it. */
  readonly runs: number
  /** Measurements that were left out. */
  readonly leftOut: number
  /** Benchmarks where these checkpoints stay, since the others alone carry no forecast. */
  readonly kept: readonly string[]
}

/**
 * Items by which a mean of benchmarks would have the noise that it has: Q(1 − Q)/n of the mean is Σ Q_i(1 − Q_i)/n_i over
 * the square of their number. Benchmarks count alike, so that one of few items brings its noise in whole. Null where the
 * items of a part are unknown, or none of the parts has any noise.
 */
function itemsOfMean(parts: readonly Measured[]): number | null {
  const q = mean(parts.map((p) => p.accuracy))
  let noise = 0
  for (const { accuracy, items } of parts) {
    if (items === null) return null
    noise += (accuracy * (1 - accuracy)) / items / parts.length ** 2
  }
  return noise > 0 ? (q * (1 - q)) / noise : null
}

/** Mean of several benchmarks per run and checkpoint; runs that lack a part are left out, and said so. */
function aggregate(
  name: string,
  parts: readonly string[],
  points: readonly Measured[],
  chanceOf: (p: Measured) => number,
  dropped: Dropped[],
): Measured[] {
  const wanted = new Set(parts)
  const members = points.filter((p) => wanted.has(p.benchmark))
  const runs = groupBy(members, (p) => [p.run, p.family, p.checkpoint, p.tokens, p.flops].join('\u0000'))
  const out: Measured[] = []
  for (const group of runs.values()) {
    const seen = new Set(group.map((p) => p.benchmark))
    const missing = parts.filter((part) => !seen.has(part))
    if (missing.length > 0) {
      dropped.push({
        source: group[0].source,
        reason: `${name}: ${group[0].run} lacks ${missing.join(', ')}`,
      })
      continue
    }
    out.push({
      ...group[0],
      benchmark: name,
      metric: 'mean',
      accuracy: mean(group.map((p) => p.accuracy)),
      chance: mean(group.map(chanceOf)),
      items: itemsOfMean(group),
      taskLoss: null,
    })
  }
  return out
}

/**
 * From the tidy table to benchmarks that can be fitted: accuracies as shares, one metric a benchmark, one row a
 * measurement, checkpoints thinned, aggregates built, near-chance points set aside. Everything that is left out
 * is listed with its source and reason.
 */
export function usableBenchmarks(
  rows: readonly EvaluationRow[],
  options: UsableOptions = DEFAULT_USABLE,
): {
  benchmarks: Benchmark[]
  dropped: Dropped[]
  undecayed: UndecayedReport | null
  contradictions: Contradiction[]
} {
  const dropped: Dropped[] = []
  // pass@k of several samples is planned by itself (sampling/), it is no point of an accuracy curve.
  const accuracyRows = rows.filter((row) => (row.k === null || row.k === 1) && isAccuracy(row, dropped))
  const shares = [
    ...groupBy(accuracyRows, (row) => `${benchmarkName(row)}\u0000${row.metric}`).values(),
  ].flatMap((group) => inShares(group, dropped))
  const chosen = [...groupBy(shares, benchmarkName).values()].flatMap((group) => {
    const counts = new Map([...groupBy(group, (row) => row.metric)].map(([metric, g]) => [metric, g.length]))
    const metric =
      options.metric !== null && counts.has(options.metric) ? options.metric : preferredMetric(counts)
    return group.filter((row) => row.metric === metric)
  })
  const { points: measured, contradictions } = withoutRepeats(measuredOf(chosen, runNames(rows), dropped))
  const given = (p: Measured): number | null =>
    options.chance.get(p.benchmark) ?? p.chance ?? knownChance(p.benchmark)
  const chanceOf = (p: Measured): number => given(p) ?? 0
  const aggregates = [...options.aggregates].flatMap(([name, parts]) =>
    aggregate(name, parts, measured, chanceOf, dropped),
  )
  const isAsked = (name: string): boolean => options.only === null || options.only.has(name)
  const everything = [...measured, ...aggregates].filter((p) => isAsked(p.benchmark))
  const groups = groupBy(everything, (p) => `${options.byFamily ? (p.family ?? '') : ''}\u0000${p.benchmark}`)
  const undecayed = options.checkpoints === 'auto' ? undecayedCheckpoints(measured, options.undecayed) : null
  let leftOut = 0
  const kept = new Set<string>()
  const benchmarks = [...groups.values()].map((group): Benchmark => {
    const chance = Math.max(...group.map(chanceOf))
    const counted = group.filter((p) => p.items !== null)
    const isUsable = (p: Measured): boolean => p.accuracy > chance + options.margin && p.accuracy < 1
    const decayed = undecayed === null ? group : group.filter((p) => !undecayed.is(p))
    const carries = decayed.filter(isUsable)
    const isEnough =
      carries.length >= MINIMUM_POINTS && new Set(carries.map((p) => p.run)).size >= MINIMUM_RUNS
    if (isEnough) leftOut += group.length - decayed.length
    else if (decayed.length < group.length) kept.add(group[0].benchmark)
    const all = thinCheckpoints(isEnough ? decayed : group, options.checkpoints)
    return {
      name: group[0].benchmark,
      metric: group[0].metric,
      family: options.byFamily ? group[0].family : null,
      chance,
      chanceKnown: given(group[0]) !== null,
      items: counted.reduce((last, p) => (p.flops > last.flops ? p : last), counted[0])?.items ?? null,
      all,
      usable: all.filter(isUsable),
    }
  })
  const { toldBy, runs } = undecayed ?? {}
  const asked = (name: string): boolean =>
    isAsked(name) || [...options.aggregates].some(([whole, parts]) => isAsked(whole) && parts.includes(name))
  return {
    benchmarks,
    dropped,
    contradictions: contradictions.filter(({ benchmark }) => asked(benchmark)),
    undecayed:
      toldBy === undefined || runs === undefined || (leftOut === 0 && kept.size === 0)
        ? null
        : { toldBy, runs, leftOut, kept: [...kept] },
  }
}
