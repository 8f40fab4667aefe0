import { benchmarkName, isLowerBetter } from '../../benchmarks/index.js'
import { groupBy } from '../../collections.js'
import type { EvaluationRow } from '../../evidence/index.js'
import { mean } from '../../stats/index.js'
import { computeRuleOf, positiveOrNull } from './compute-rule.js'
import { type RunPoint, trainingFlops } from './point.js'

/** A row of evaluations that no forecast can use, with the reason. */
export interface Dropped {
  readonly source: string
  readonly reason: string
}

/** One measurement of a benchmark, with what a point of a forecast knows. */
export interface Measured extends RunPoint {
  readonly benchmark: string
  readonly metric: string
  readonly chance: number | null
}

/**
 * N, D and C of a row, each from the other two where one is missing; null when C cannot be known.
 *
 * @param factor C over N·D (compute-rule.ts)
 */
export function computeOf(
  row: Pick<EvaluationRow, 'params' | 'tokens' | 'flops'>,
  factor: number,
): { params: number | null; tokens: number | null; flops: number } | null {
  const params = positiveOrNull(row.params)
  const tokens = positiveOrNull(row.tokens)
  const flops =
    positiveOrNull(row.flops) ??
    (params !== null && tokens !== null ? trainingFlops(params, tokens, factor) : null)
  if (flops === null) return null
  return {
    params: params ?? (tokens === null ? null : flops / (factor * tokens)),
    tokens: tokens ?? (params === null ? null : flops / (factor * params)),
    flops,
  }
}

/** Whether a larger value is better; a row where it is not is dropped. */
export function isAccuracy(row: EvaluationRow, dropped: Dropped[]): boolean {
  if (!isLowerBetter(row.metric)) return true
  dropped.push({
    source: row.source,
    reason: `${row.metric} of ${benchmarkName(row)}: lower is better, no accuracy to forecast`,
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
        reason: `${row.value} among percentages of ${benchmarkName(row)}: a share or under one percent?`,
      })
    else if (keepRange(row, 100, dropped)) out.push({ ...row, value: row.value / 100 })
  }
  return out
}

function keepRange(row: EvaluationRow, top: number, dropped: Dropped[]): boolean {
  if (row.value >= 0 && row.value <= top) return true
  dropped.push({
    source: row.source,
    reason:
      top === 1 && row.value > 1 && row.value <= 100
        ? `${row.value} among shares of ${benchmarkName(row)}: a percentage?`
        : `${row.metric} ${row.value} of ${benchmarkName(row)} is outside 0…${top}`,
  })
  return false
}

/** Rows that give one run different scores on one benchmark: their mean is taken. */
export interface Contradiction {
  readonly run: string
  readonly benchmark: string
  readonly rows: readonly { readonly source: string; readonly value: number }[]
}

/** Scores of one measurement differ by rounding up to here: a table of three decimals beside one of four. */
const ROUNDED = 5e-4

/** The rows as a contradiction, or none where they differ by rounding at most. */
export function contradictionOf(
  run: string,
  benchmark: string,
  rows: Contradiction['rows'],
): Contradiction[] {
  const values = rows.map((row) => row.value)
  const spread = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))
  return spread > ROUNDED * (1 + 1e-9) ? [{ run, benchmark, rows }] : []
}

/** A run evaluated twice is one measurement: the mean, and the first source. */
export function withoutRepeats(points: readonly Measured[]): {
  points: Measured[]
  contradictions: Contradiction[]
} {
  const same = [
    ...groupBy(points, (p) =>
      [p.benchmark, p.metric, p.run, p.family, p.checkpoint, p.tokens, p.flops, p.samples].join('\u0000'),
    ).values(),
  ]
  return {
    points: same.map((group) => ({ ...group[0], accuracy: mean(group.map((p) => p.accuracy)) })),
    contradictions: same.flatMap((group) =>
      contradictionOf(
        group[0].run,
        group[0].benchmark,
        group.map(({ source, accuracy }) => ({ source, value: accuracy })),
      ),
    ),
  }
}

/** Sizes under one name that differ by more are several models; by less, one that was counted in two ways. */
const ONE_SIZE = 1.2

/** Whether two numbers of parameters under one name are those of one model. */
export function isOneSize(a: number, b: number): boolean {
  return Math.max(a, b) <= ONE_SIZE * Math.min(a, b)
}

type Named = Pick<EvaluationRow, 'model' | 'params' | 'family'>

/** Names of runs: a model's, with size and family where models of several sizes or families share one name in the table. */
export function runNames(rows: readonly Named[]): (row: Named) => string {
  const sizes = new Set<string>()
  const families = new Set<string>()
  for (const [model, own] of groupBy(rows, (row) => row.model)) {
    const known = own.flatMap((row) => positiveOrNull(row.params) ?? [])
    const least = known.reduce((a, b) => Math.min(a, b), Infinity)
    if (known.some((size) => !isOneSize(size, least))) sizes.add(model)
    if (new Set(own.flatMap((row) => row.family ?? [])).size > 1) families.add(model)
  }
  return ({ model, params, family }) => {
    const told = [
      ...(params !== null && sizes.has(model) ? [`${params.toPrecision(3)} parameters`] : []),
      ...(family !== null && families.has(model) ? [family] : []),
    ]
    return told.length === 0 ? model : `${model} (${told.join(', ')})`
  }
}

/** Why a row is left out that tells no training compute. */
export function withoutCompute({
  model,
  params,
  tokens,
}: Pick<EvaluationRow, 'model' | 'params' | 'tokens'>): string {
  const lacks =
    positiveOrNull(params) !== null
      ? 'nor tokens'
      : positiveOrNull(tokens) !== null
        ? 'nor parameters'
        : 'nor N and D'
  return `training compute of ${model} is unknown (neither FLOPs ${lacks})`
}

/** @param runOf `runNames` of the whole table, which `rows` are a part of */
export function measuredOf(
  rows: readonly EvaluationRow[],
  runOf: (row: EvaluationRow) => string,
  dropped: Dropped[],
): Measured[] {
  const out: Measured[] = []
  const { factor } = computeRuleOf(rows)
  for (const row of rows) {
    const compute = computeOf(row, factor)
    if (compute === null) {
      const untrained = row.tokens === 0 || row.flops === 0
      dropped.push({
        source: row.source,
        reason: untrained ? `${row.model} is untrained` : withoutCompute(row),
      })
      continue
    }
    out.push({
      ...compute,
      run: runOf(row),
      family: row.family,
      checkpoint: row.checkpoint,
      accuracy: row.value,
      items: row.n_items,
      samples: row.k,
      loss: positiveOrNull(row.loss),
      taskLoss: positiveOrNull(row.task_loss),
      source: row.source,
      benchmark: benchmarkName(row),
      metric: row.metric,
      chance: row.chance === null ? null : row.chance > 1 ? row.chance / 100 : row.chance,
    })
  }
  return out
}
