import type { EvaluationRow } from '../evidence/index.js'

/** A benchmark with its subset, whatever the number of samples of which one must be right. */
export function benchmarkName({ benchmark, subset }: Pick<EvaluationRow, 'benchmark' | 'subset'>): string {
  return subset === null ? benchmark : `${benchmark}/${subset}`
}

/** What a score is of: a benchmark, and of pass@k the k. */
export const scoreName = (row: Pick<EvaluationRow, 'benchmark' | 'subset' | 'k'>): string =>
  `${benchmarkName(row)}${row.k === null ? '' : `@${row.k}`}`

/**
 * Where a checkpoint stands in its run: tokens, else FLOPs, else the step that its name tells; the end is infinite, and what tells
 * nothing comes first.
 */
export function placeInRun({
  checkpoint,
  tokens,
  flops,
}: Pick<EvaluationRow, 'checkpoint' | 'tokens' | 'flops'>): number {
  if (checkpoint === null || checkpoint === 'final') return Number.POSITIVE_INFINITY
  const step = /(\d+)(?!.*\d)/.exec(checkpoint)?.[1]
  return tokens ?? flops ?? (step === undefined ? Number.NEGATIVE_INFINITY : Number(step))
}
