import type { EvaluationRow, ProblemSamples } from '../../evidence/index.js'
import { trainingFlops } from '../forecast/point.js'
import { meanPassAtK } from '../pass-at-k.js'

/** One pass rate of one run at one k. */
export interface SamplingPoint {
  readonly run: string
  readonly flops: number
  readonly k: number
  readonly passRate: number
  readonly metric: string
}

function computeOf(run: {
  flops: number | null
  params: number | null
  tokens: number | null
}): number | null {
  if (run.flops !== null && run.flops > 0) return run.flops
  if (run.params === null || run.tokens === null || !(run.params > 0) || !(run.tokens > 0)) return null
  return trainingFlops(run.params, run.tokens)
}

/** Powers of two up to the fewest samples of a run, and the asked k among them. */
function ladderOf(problems: readonly ProblemSamples[], asked: readonly number[]): number[] {
  const fewest = Math.min(...problems.map((p) => p.n))
  const powers: number[] = []
  for (let k = 1; k <= fewest; k *= 2) powers.push(k)
  return [...new Set([...powers, ...asked.filter((k) => k <= fewest)])].sort((a, b) => a - b)
}

/** Pass rates by benchmark: rows that carry k as they are, per-problem samples by the unbiased estimator. */
export function samplingPoints(
  rows: readonly EvaluationRow[],
  problems: readonly ProblemSamples[],
  asked: readonly number[],
): Map<string, SamplingPoint[]> {
  const out = new Map<string, SamplingPoint[]>()
  const add = (benchmark: string, point: SamplingPoint): void => {
    const list = out.get(benchmark)
    if (list === undefined) out.set(benchmark, [point])
    else list.push(point)
  }
  for (const row of rows) {
    const flops = computeOf(row)
    if (row.k === null || flops === null) continue
    add(row.benchmark, { run: row.model, flops, k: row.k, passRate: row.value, metric: row.metric })
  }
  const groups = new Map<string, ProblemSamples[]>()
  for (const problem of problems) {
    const key = [problem.benchmark, problem.model, problem.checkpoint].join('\u0000')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [problem])
    else group.push(problem)
  }
  for (const group of groups.values()) {
    const flops = computeOf(group[0])
    if (flops === null) continue
    for (const k of ladderOf(group, asked))
      add(group[0].benchmark, {
        run: group[0].model,
        flops,
        k,
        passRate: meanPassAtK(group, k),
        metric: 'pass@k',
      })
  }
  return out
}
