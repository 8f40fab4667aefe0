import { benchmarkName } from '../../benchmarks/index.js'
import { groupBy } from '../../collections.js'
import type { EvaluationRow, ProblemSamples } from '../../evidence/index.js'
import { meanPassAtK } from '../../metrics/pass-at-k.js'
import { mean } from '../../stats/index.js'
import { computeRuleOf } from '../forecast/compute-rule.js'
import {
  type Contradiction,
  computeOf,
  contradictionOf,
  type Dropped,
  inShares,
  isAccuracy,
  runNames,
  withoutCompute,
} from '../forecast/measured.js'

/** One pass rate of one run at one k. */
export interface SamplingPoint {
  readonly run: string
  readonly flops: number
  readonly k: number
  readonly passRate: number
  readonly metric: string
  /** Problems behind the rate; null where unknown. */
  readonly items: number | null
  readonly source: string
}

/** Powers of two up to the fewest samples of a run, and the asked k among them. */
function ladderOf(problems: readonly ProblemSamples[], asked: readonly number[]): number[] {
  const fewest = Math.min(...problems.map((p) => p.n))
  const powers: number[] = []
  for (let k = 1; k <= fewest; k *= 2) powers.push(k)
  return [...new Set([...powers, ...asked.filter((k) => k <= fewest)])].sort((a, b) => a - b)
}

/** A run that was measured twice at one k is one point: the mean, and the first source. */
function withoutRepeats(
  benchmark: string,
  points: readonly SamplingPoint[],
): { points: SamplingPoint[]; contradictions: Contradiction[] } {
  const same = [...groupBy(points, (p) => [p.run, p.flops, p.k].join('\u0000')).values()]
  return {
    points: same.map((group) => ({ ...group[0], passRate: mean(group.map((p) => p.passRate)) })),
    contradictions: same.flatMap((group) =>
      contradictionOf(
        group[0].run,
        `${benchmark}, k = ${group[0].k}`,
        group.map(({ source, passRate }) => ({ source, value: passRate })),
      ),
    ),
  }
}

/**
 * Pass rates by benchmark: rows that carry k as shares, per-problem samples by the unbiased estimator. Rows are named,
 * scaled and refused as those of an accuracy curve are.
 */
export function samplingPoints(
  rows: readonly EvaluationRow[],
  problems: readonly ProblemSamples[],
  asked: readonly number[],
): { points: Map<string, SamplingPoint[]>; dropped: Dropped[]; contradictions: Contradiction[] } {
  const { factor } = computeRuleOf([...rows, ...problems])
  const dropped: Dropped[] = []
  const runOf = runNames([...rows, ...problems])
  const all: (SamplingPoint & { readonly benchmark: string })[] = []
  const rates = rows.filter((row) => row.k !== null && isAccuracy(row, dropped))
  // pass@1 and pass@10 are one metric here: whether they are percentages is told by all of them together.
  const reported = groupBy(rates, (row) => `${benchmarkName(row)}\u0000${row.metric.replace(/@\d+/, '@k')}`)
  for (const row of [...reported.values()].flatMap((group) => inShares(group, dropped))) {
    const flops = computeOf(row, factor)?.flops
    if (row.k === null) continue
    if (flops === undefined) {
      dropped.push({ source: row.source, reason: withoutCompute(row) })
      continue
    }
    all.push({
      benchmark: benchmarkName(row),
      run: runOf(row),
      flops,
      k: row.k,
      passRate: row.value,
      metric: row.metric,
      items: row.n_items,
      source: row.source,
    })
  }
  const sampled = groupBy(problems, (p) => [p.benchmark, runOf(p), p.checkpoint].join('\u0000'))
  for (const group of sampled.values()) {
    const flops = computeOf(group[0], factor)?.flops
    if (flops === undefined) {
      dropped.push({ source: group[0].source, reason: withoutCompute(group[0]) })
      continue
    }
    for (const k of ladderOf(group, asked))
      all.push({
        benchmark: group[0].benchmark,
        run: runOf(group[0]),
        flops,
        k,
        passRate: meanPassAtK(group, k),
        metric: 'pass@k',
        items: group.length,
        source: group[0].source,
      })
  }
  const points = new Map<string, SamplingPoint[]>()
  const contradictions: Contradiction[] = []
  for (const [benchmark, group] of groupBy(all, (point) => point.benchmark)) {
    const once = withoutRepeats(benchmark, group)
    points.set(benchmark, once.points)
    contradictions.push(...once.contradictions)
  }
  return { points, dropped, contradictions }
}
