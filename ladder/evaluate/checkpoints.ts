import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD, LADDER } from '../places.js'
import type { RunSummary } from '../train/runs.js'

/** One exported checkpoint: `step` = run.steps is the finished model. */
export interface Checkpoint {
  readonly run: RunSummary
  readonly step: number
  readonly gguf: string
}

/** Groups of runs that are compared by what they end as: their checkpoints on the way are not evaluated. */
const FINISHED_ONLY: ReadonlySet<RunSummary['group']> = new Set(['domain', 'seeds', 'decay', 'repeated'])

/**
 * Every checkpoint of every run of the plan that is evaluated, run by run, steps ascending.
 *
 * @throws {Error} when a run's checkpoints are not there
 */
export function listCheckpoints(): Checkpoint[] {
  const runs = join(LADDER, 'runs')
  return readdirSync(runs)
    .filter((id) => existsSync(join(runs, id, 'run.json')))
    .sort()
    .flatMap((id) => {
      const run = JSON.parse(readFileSync(join(runs, id, 'run.json'), 'utf8')) as RunSummary
      const folder = join(BUILD, 'ggufs', id)
      // It is trained in the tests, from the part of the text that ships, and is no part of the plan.
      if (run.group === 'retrain') return []
      if (!existsSync(folder))
        throw new Error(`${folder} is missing: train the ladder first (ladder/make.sh)`)
      return readdirSync(folder)
        .filter((name) => /^\d+\.gguf$/.test(name))
        .map((name) => ({ run, step: Number.parseInt(name, 10), gguf: join(folder, name) }))
        .filter(({ step }) => step === run.steps || !FINISHED_ONLY.has(run.group))
        .sort((a, b) => a.step - b.step)
    })
}
