import type { EvaluationRow, ProblemSamples, RunFacts } from '../../core/index.js'

type Known = Pick<RunFacts, 'params' | 'tokens' | 'flops' | 'family'>

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
export function joinRuns<Row extends EvaluationRow | ProblemSamples>(
  rows: readonly Row[],
  runs: readonly RunFacts[],
): Row[] {
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
    const filled: Known = {
      params: row.params ?? run.params,
      family: row.family ?? run.family,
      tokens: row.tokens ?? (finished ? run.tokens : null),
      flops: row.flops ?? (finished ? run.flops : null),
    }
    const loss = 'loss' in row && finished ? { loss: row.loss ?? run.loss } : {}
    return { ...row, ...filled, ...loss }
  })
}
