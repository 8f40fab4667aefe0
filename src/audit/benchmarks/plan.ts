import {
  type BenchmarkDraw,
  FEWSHOT_SEED,
  type InstanceOptions,
  instancesOf,
  type Random,
  shuffled,
  type Task,
  type TaskInstance,
} from '../../core/index.js'

/** What is asked of tasks, and how often. */
export interface BenchmarkOptions {
  /** Left out: what each task's definition says. */
  readonly shots?: number
  /** Items a task: the first ones, as the harness takes them, or drawn by `random`. */
  readonly limit?: number
  readonly random?: Random
  /** Draws of shots, of the seeds 1234, 1235, …; one where nothing is drawn. */
  readonly draws: number
  /** Ways to ask, the definition's own first. */
  readonly templates: number
  /** One draw of shots for all items instead of one for each. */
  readonly sameShots: boolean
  /** Ask choices without their question, too. */
  readonly unconditioned: boolean
}

/** A task with all that is asked of it. */
export interface BenchmarkPlan {
  readonly task: Task
  readonly shots: number
  readonly draws: readonly { readonly about: BenchmarkDraw; readonly instances: readonly TaskInstance[] }[]
  /** Whether choices are asked without their question. */
  readonly unconditioned: boolean
}

/** Places of the items that are drawn; undefined where all, or the first, are asked. */
function drawnItems({ documents, name }: Task, { limit, random }: BenchmarkOptions): Set<number> | undefined {
  if (random === undefined || limit === undefined || limit >= documents.length) return undefined
  return new Set(shuffled([...documents.keys()], random.derive(name)).slice(0, limit))
}

/** Whether examples are drawn at all: the first rows are the same whatever the seed. */
export function drawsShots({ definition }: Task, shots: number): boolean {
  return shots > 0 && definition.sampler !== 'first_n'
}

/** @throws {AssayError} task/… */
export function planBenchmark(task: Task, options: BenchmarkOptions): BenchmarkPlan {
  const shots = options.shots ?? task.numFewshot
  const seeds = drawsShots(task, shots) ? options.draws : 1
  const templates = task.templates.slice(0, options.templates)
  const ways = templates.flatMap((template, t) =>
    Array.from({ length: seeds }, (_, s) => ({ template, t, seed: FEWSHOT_SEED + s })),
  )
  const drawn = drawnItems(task, options)
  return {
    task,
    shots,
    draws: ways.map(({ template, t, seed }, draw) => {
      const asked: InstanceOptions = {
        shots,
        seed,
        template: t,
        draw: options.sameShots ? 'once' : 'each',
        ...(options.limit === undefined || drawn !== undefined ? {} : { limit: options.limit }),
      }
      const instances = instancesOf(task, asked)
      return {
        about: { draw, seed, template },
        instances: drawn === undefined ? instances : instances.filter((_, i) => drawn.has(i)),
      }
    }),
    unconditioned: options.unconditioned || task.metrics.includes('acc_mutual_info'),
  }
}
