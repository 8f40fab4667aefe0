import { groupBy } from '../../collections.js'
import type { EvaluationRow, ProblemSamples } from '../../evidence/index.js'
import { meanPassAtK } from '../../metrics/pass-at-k.js'
import { computeRuleOf } from '../forecast/compute-rule.js'
import { computeOf, type Dropped, inShares, isAccuracy, nameOf, runNames } from '../forecast/measured.js'

/** One pass rate of one run at one k. */
export interface SamplingPoint {
  readonly run: string
  readonly flops: number
  readonly k: number
  readonly passRate: number
  readonly metric: string
  /** Problems behind the rate; null where unknown. */
  readonly items: number | null
}

/** Powers of two up to the fewest samples of a run, and the asked k among them. */
function ladderOf(problems: readonly ProblemSamples[], asked: readonly number[]): number[] {
  const fewest = Math.min(...problems.map((p) => p.n))
  const powers: number[] = []
  for (let k = 1; k <= fewest; k *= 2) powers.push(k)
  return [...new Set([...powers, ...asked.filter((k) => k <= fewest)])].sort((a, b) => a - b)
}

/**
 * Pass rates by benchmark: rows that carry k as shares, per-problem samples by the unbiased estimator. Rows are named,
 * scaled and refused as those of an accuracy curve are; `dropped` lists what was
 * refused, by benchmark.
 */
export function samplingPoints(
  rows: readonly EvaluationRow[],
  problems: readonly ProblemSamples[],
  asked: readonly number[],
): { points: Map<string, SamplingPoint[]>; dropped: Map<string, Dropped[]> } {
  const { factor } = computeRuleOf([...rows, ...problems])
  const dropped = new Map<string, Dropped[]>()
  const refusedOf = (row: EvaluationRow): Dropped[] => {
    const list = dropped.get(nameOf(row)) ?? []
    dropped.set(nameOf(row), list)
    return list
  }
  const runOf = runNames([...rows, ...problems])
  const all: (SamplingPoint & { readonly benchmark: string })[] = []
  const rates = rows.filter((row) => row.k !== null && isAccuracy(row, refusedOf(row)))
  // pass@1 and pass@10 are one metric here: whether they are percentages is told by all of them together.
  const reported = groupBy(rates, (row) => `${nameOf(row)}\u0000${row.metric.replace(/@\d+/, '@k')}`)
  for (const row of [...reported.values()].flatMap((group) => inShares(group, refusedOf(group[0])))) {
    const flops = computeOf(row, factor)?.flops
    if (row.k === null || flops === undefined) continue
    all.push({
      benchmark: nameOf(row),
      run: runOf(row),
      flops,
      k: row.k,
      passRate: row.value,
      metric: row.metric,
      items: row.n_items,
    })
  }
  const sampled = groupBy(problems, (p) => [p.benchmark, runOf(p), p.checkpoint].join('\u0000'))
  for (const group of sampled.values()) {
    const flops = computeOf(group[0], factor)?.flops
    if (flops === undefined) continue
    for (const k of ladderOf(group, asked))
      all.push({
        benchmark: group[0].benchmark,
        run: runOf(group[0]),
        flops,
        k,
        passRate: meanPassAtK(group, k),
        metric: 'pass@k',
        items: group.length,
      })
  }
  return { points: groupBy(all, (point) => point.benchmark), dropped }
}
