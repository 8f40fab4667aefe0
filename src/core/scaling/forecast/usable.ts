import { knownChance } from '../../benchmarks/index.js'
import { groupBy } from '../../collections.js'
import type { EvaluationRow } from '../../evidence/index.js'
import { thinCheckpoints } from './checkpoints.js'
import { isLowerBetter, preferredMetric } from './metrics.js'
import { type RunPoint, trainingFlops } from './point.js'

/** A row of evaluations that no forecast can use, with the reason. */
export interface Dropped {
  readonly source: string
  readonly reason: string
}

/** One benchmark (of one family, when forecasts are made by family), ready to fit. */
export interface Benchmark {
  readonly name: string
  readonly metric: string
  readonly family: string | null
  readonly chance: number
  /** False when nobody told the chance level and the name is unknown: 0 was taken. */
  readonly chanceKnown: boolean
  /** Items of the evaluation, null where unknown. */
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
  readonly checkpoints: 'final' | 'all' | 'decayed'
  readonly byFamily: boolean
  /** Name of a new benchmark → its parts (mean accuracy; chance = mean, items = sum). */
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
  checkpoints: 'all',
  byFamily: false,
  aggregates: new Map(),
  chance: new Map(),
  only: null,
  metric: null,
}

interface Measured extends RunPoint {
  readonly benchmark: string
  readonly metric: string
  readonly chance: number | null
}

function positive(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value > 0 ? value : null
}

/** N, D and C of a row, each from the other two where one is missing; null when C cannot be known. */
function computeOf(
  row: EvaluationRow,
): { params: number | null; tokens: number | null; flops: number } | null {
  const params = positive(row.params)
  const tokens = positive(row.tokens)
  const flops =
    positive(row.flops) ?? (params !== null && tokens !== null ? trainingFlops(params, tokens) : null)
  if (flops === null) return null
  return {
    params: params ?? (tokens === null ? null : flops / (6 * tokens)),
    tokens: tokens ?? (params === null ? null : flops / (6 * params)),
    flops,
  }
}

export function nameOf(row: EvaluationRow): string {
  return row.subset === null ? row.benchmark : `${row.benchmark}/${row.subset}`
}

/** Whether a larger value is better; a row where it is not is dropped. */
export function isAccuracy(row: EvaluationRow, dropped: Dropped[]): boolean {
  if (!isLowerBetter(row.metric)) return true
  dropped.push({
    source: row.source,
    reason: `${row.metric} of ${nameOf(row)}: lower is better, no accuracy to forecast`,
  })
  return false
}

/** Benchmarks reported in percent become shares; rows that fit neither reading are dropped. */
export function inShares(rows: readonly EvaluationRow[], dropped: Dropped[]): EvaluationRow[] {
  const above = rows.filter((row) => row.value > 1)
  if (above.length === 0) return rows.filter((row) => keepRange(row, 1, dropped))
  const percent = above.length * 2 > rows.length
  if (!percent) return rows.filter((row) => keepRange(row, 1, dropped))
  const out: EvaluationRow[] = []
  for (const row of rows) {
    if (row.value <= 1 && row.value !== 0)
      dropped.push({
        source: row.source,
        reason: `${row.value} among percentages of ${nameOf(row)}: a share or under one percent?`,
      })
    else if (keepRange(row, 100, dropped)) out.push({ ...row, value: row.value / 100 })
  }
  return out
}

function keepRange(row: EvaluationRow, top: number, dropped: Dropped[]): boolean {
  if (row.value >= 0 && row.value <= top) return true
  dropped.push({
    source: row.source,
    reason: `${row.metric} ${row.value} of ${nameOf(row)} is outside 0…${top}`,
  })
  return false
}

/** A run evaluated twice is one measurement: the mean, and the first source. */
function withoutRepeats(points: readonly Measured[]): Measured[] {
  const same = groupBy(points, (p) =>
    [p.benchmark, p.metric, p.run, p.family, p.checkpoint, p.tokens, p.flops, p.samples].join('\u0000'),
  )
  return [...same.values()].map((group) => ({
    ...group[0],
    accuracy: group.reduce((sum, p) => sum + p.accuracy, 0) / group.length,
  }))
}

function measuredOf(rows: readonly EvaluationRow[], dropped: Dropped[]): Measured[] {
  const out: Measured[] = []
  for (const row of rows) {
    const compute = computeOf(row)
    if (compute === null) {
      const untrained = row.tokens === 0 || row.flops === 0
      dropped.push({
        source: row.source,
        reason: untrained
          ? `${row.model} is untrained`
          : `training compute of ${row.model} is unknown (neither FLOPs nor N and D)`,
      })
      continue
    }
    out.push({
      ...compute,
      run: row.model,
      family: row.family,
      checkpoint: row.checkpoint,
      accuracy: row.value,
      items: row.n_items,
      samples: row.k,
      loss: positive(row.loss),
      taskLoss: positive(row.task_loss),
      source: row.source,
      benchmark: nameOf(row),
      metric: row.metric,
      chance: row.chance === null ? null : row.chance > 1 ? row.chance / 100 : row.chance,
    })
  }
  return out
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
    const mean = (f: (p: Measured) => number): number =>
      group.reduce((sum, p) => sum + f(p), 0) / group.length
    const items = group.every((p) => p.items !== null)
      ? group.reduce((sum, p) => sum + (p.items ?? 0), 0)
      : null
    out.push({
      ...group[0],
      benchmark: name,
      metric: 'mean',
      accuracy: mean((p) => p.accuracy),
      chance: mean(chanceOf),
      items,
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
): { benchmarks: Benchmark[]; dropped: Dropped[] } {
  const dropped: Dropped[] = []
  // pass@k of several samples is planned by itself (sampling/), it is no point of an accuracy curve.
  const accuracyRows = rows.filter((row) => (row.k === null || row.k === 1) && isAccuracy(row, dropped))
  const shares = [...groupBy(accuracyRows, (row) => `${nameOf(row)}\u0000${row.metric}`).values()].flatMap(
    (group) => inShares(group, dropped),
  )
  const chosen = [...groupBy(shares, nameOf).values()].flatMap((group) => {
    const counts = new Map([...groupBy(group, (row) => row.metric)].map(([metric, g]) => [metric, g.length]))
    const metric =
      options.metric !== null && counts.has(options.metric) ? options.metric : preferredMetric(counts)
    return group.filter((row) => row.metric === metric)
  })
  const measured = withoutRepeats(measuredOf(chosen, dropped))
  const given = (p: Measured): number | null =>
    options.chance.get(p.benchmark) ?? p.chance ?? knownChance(p.benchmark)
  const chanceOf = (p: Measured): number => given(p) ?? 0
  const aggregates = [...options.aggregates].flatMap(([name, parts]) =>
    aggregate(name, parts, measured, chanceOf, dropped),
  )
  const everything = [...measured, ...aggregates].filter(
    (p) => options.only === null || options.only.has(p.benchmark),
  )
  const groups = groupBy(everything, (p) => `${options.byFamily ? (p.family ?? '') : ''}\u0000${p.benchmark}`)
  const benchmarks = [...groups.values()].map((group): Benchmark => {
    const all = thinCheckpoints(group, options.checkpoints)
    const chance = Math.max(...group.map(chanceOf))
    const items = group.reduce((most, p) => Math.max(most, p.items ?? 0), 0)
    return {
      name: group[0].benchmark,
      metric: group[0].metric,
      family: options.byFamily ? group[0].family : null,
      chance,
      chanceKnown: given(group[0]) !== null,
      items: items > 0 ? items : null,
      all,
      usable: all.filter((p) => p.accuracy > chance + options.margin && p.accuracy < 1),
    }
  })
  return { benchmarks, dropped }
}
