import { isLowerBetter, placeInRun, scoreName } from '../benchmarks/index.js'
import { groupBy } from '../collections.js'
import type { EvaluationRow } from '../evidence/evaluations.js'

/** A score of one run at one point of its training. */
export interface Scored {
  /** Where it stands in training: tokens, else FLOPs, else the step that its name tells; the end is infinite. */
  readonly at: number
  readonly value: number
  /** Items that it is over. */
  readonly items: number | null
}

/** One run's scores on one task in one metric. */
export interface TaskRun {
  readonly model: string
  readonly family: string | null
  readonly params: number | null
  /** Training tokens and FLOPs at its end. */
  readonly tokens: number | null
  readonly flops: number | null
  /** Items that its last score is over. */
  readonly items: number | null
  /** By training, the last one final. */
  readonly scores: readonly Scored[]
  readonly final: number
}

/** A task in one metric, and every run that was scored on it. */
export interface TaskRuns {
  readonly task: string
  readonly metric: string
  /** 1 where more is better, −1 where less is. */
  readonly sign: 1 | -1
  readonly runs: readonly TaskRun[]
}

/** The metric name of the loss on a benchmark's right answers. */
export const TASK_LOSS = 'task_loss'

function runOf(rows: readonly EvaluationRow[]): TaskRun {
  const sorted = rows
    .map((row) => ({ row, at: placeInRun(row), value: row.value }))
    .sort((x, y) => (x.at === y.at ? 0 : x.at < y.at ? -1 : 1))
  const { row: last } = sorted[sorted.length - 1]
  const { model, family, params, tokens, flops, n_items: items } = last
  return {
    model,
    family,
    params,
    tokens,
    flops,
    items,
    scores: sorted.map(({ row, at, value }) => ({ at, value, items: row.n_items })),
    final: last.value,
  }
}

/** A table of evaluations task by task and metric by metric; the loss on right answers is one more metric. */
export function taskRuns(rows: readonly EvaluationRow[]): TaskRuns[] {
  const losses = rows.flatMap((row) =>
    row.task_loss === null ? [] : [{ ...row, metric: TASK_LOSS, value: row.task_loss }],
  )
  // Several accuracies of one checkpoint tell the same loss.
  const once = groupBy(losses, (row) => [row.model, row.checkpoint, scoreName(row)].join('\u0000'))
  const all = [...rows, ...[...once.values()].map(([first]) => first)]
  const tasks = groupBy(all, (row) => `${scoreName(row)}\u0000${row.metric}`)
  return [...tasks.values()].map((own) => ({
    task: scoreName(own[0]),
    metric: own[0].metric,
    sign: isLowerBetter(own[0].metric) ? -1 : 1,
    runs: [...groupBy(own, (row) => `${row.family ?? ''}\u0000${row.model}`).values()].map(runOf),
  }))
}
