import {
  DENSE_FACTOR,
  type EvaluationRow,
  type ProblemSamples,
  type RunFacts,
  trainingFlops,
} from '../../core/index.js'

/** A measurement as a reader gives it: active parameters are in its FLOPs once runs are joined. */
export type Measurement = (EvaluationRow | ProblemSamples) & Pick<RunFacts, 'active_params'>
type Known = Pick<RunFacts, 'params' | 'active_params' | 'tokens' | 'flops' | 'family'>

/** `org/name` and `name`, in any case, are one model. */
function short(model: string): string {
  return (model.split('/').at(-1) ?? model).toLowerCase()
}

function key(model: string, checkpoint: string | null): string {
  return `${short(model)}\u0000${checkpoint ?? ''}`
}

/**
 * Fill in what a measurement does not know of its run from tables of runs: by model and checkpoint first, then
 * by model alone. A value that the measurement has is never replaced. Tokens and FLOPs of a finished run are not
 * given to its checkpoints.
 */
export function joinRuns<Row extends Measurement>(rows: readonly Row[], runs: readonly RunFacts[]): Row[] {
  if (runs.length === 0) return [...rows]
  const exact = new Map<string, RunFacts>()
  const byModel = new Map<string, RunFacts>()
  for (const run of runs) {
    exact.set(key(run.model, run.checkpoint), run)
    if (run.checkpoint === null || run.checkpoint === 'final' || !byModel.has(short(run.model)))
      byModel.set(short(run.model), run)
  }
  const checkpoints = new Map<string, Set<string | null>>()
  for (const { model, checkpoint } of rows) {
    const seen = checkpoints.get(short(model)) ?? new Set()
    checkpoints.set(short(model), seen.add(checkpoint))
  }
  return rows.map((row) => {
    const same = exact.get(key(row.model, row.checkpoint))
    const run = same ?? byModel.get(short(row.model))
    if (run === undefined) return row
    // One checkpoint of a model (lm-eval's `revision=step143000`) is the run itself.
    const alone = checkpoints.get(short(row.model))?.size === 1
    const finished = same !== undefined || row.checkpoint === null || row.checkpoint === 'final' || alone
    const active = row.active_params ?? run.active_params ?? null
    const filled: Known = {
      params: row.params ?? run.params,
      ...(active === null ? {} : { active_params: active }),
      family: row.family ?? run.family,
      tokens: row.tokens ?? (finished ? run.tokens : null),
      flops: row.flops ?? (finished ? run.flops : null),
    }
    const loss = 'loss' in row && finished ? { loss: row.loss ?? run.loss } : {}
    return { ...row, ...filled, ...loss }
  })
}

/** Compute that a row records and that of its active parameters may differ by less: attention's share. */
const ONE_COUNT = 2

/**
 * Training FLOPs by active parameters, 6 of them a token (docs/methods/scaling.md#training-compute). Where some rows have
 * them, one without is dense. A row that records other FLOPs is dropped: one of its columns is not what it is named.
 */
export function countActive<Row extends Measurement>(
  rows: readonly Row[],
  dropped: { source: string; reason: string }[],
): Row[] {
  if (!rows.some((row) => (row.active_params ?? 0) > 0)) return [...rows]
  return rows.flatMap((row): Row[] => {
    // A blank, or a 0, is a dense run.
    const active = row.active_params || row.params
    const told = active === null || row.tokens === null ? null : trainingFlops(active, row.tokens)
    const ratio = row.active_params && row.flops && told ? row.flops / told : 1
    if (ratio > ONE_COUNT || ratio * ONE_COUNT < 1) {
      dropped.push({
        source: row.source,
        reason: `its FLOPs are ${(DENSE_FACTOR * ratio).toPrecision(2)} times active parameters and tokens, not ${DENSE_FACTOR}: one of the three is of another run`,
      })
      return []
    }
    return [{ ...row, active_params: undefined, params: row.params ?? active, flops: row.flops ?? told }]
  })
}
