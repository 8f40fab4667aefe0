import { raise } from './errors.js'
import { PythonRandom } from './python/twister.js'
import type { Task, TaskDocument } from './task.js'

/** Seed of the examples' draws where nobody asked for another, as lm-evaluation-harness has it. */
export const FEWSHOT_SEED = 1234

/** Which rows of the pool are shown before a row: indices, in their order. */
export type ShotSampler = (asked: TaskDocument) => readonly number[]

/**
 * Examples as lm-evaluation-harness 0.4.13 draws them (`api/samplers.py`): one generator a task runs on over its rows, n + 1
 * are drawn and the asked row dropped where it may be among them; where it was drawn more than once, n are drawn anew from
 * the others. `first_n` takes the first.
 *
 * @param once  one draw for all rows (Assay's own), so that they share their beginning
 * @throws {AssayError} `task/too-few-shots`
 */
export function shotSampler(task: Task, shots: number, seed: number, once: boolean): ShotSampler {
  if (shots === 0) return () => []
  const { pool, poolMissing, definition } = task
  if (pool === null)
    throw raise('no-items', `${shots} examples are to be shown: ${poolMissing ?? 'there are none'}`, {
      path: task.path,
    })
  const { sampler, dropsAsked } = definition
  const needed = shots + (dropsAsked || once ? 1 : 0)
  const random = new PythonRandom(seed)
  const others = (asked: TaskDocument, among: readonly number[]): number[] =>
    among.filter((i) => pool[i]!.hash !== asked.hash)
  const all = Array.from(pool, (_, i) => i)
  const tooFew = (available: number, wanted: number): Error =>
    raise(
      'too-few-shots',
      `${task.name}: ${wanted} rows are needed for ${shots} examples, there are ${available}`,
      {
        path: task.path,
      },
    )
  if (sampler === 'first_n')
    return (asked) => {
      const among: number[] = []
      for (let i = 0; i < pool.length && among.length < shots; i++)
        if (!dropsAsked || pool[i]!.hash !== asked.hash) among.push(i)
      if (among.length < shots) throw tooFew(among.length, shots)
      return among
    }
  if (pool.length < needed) throw tooFew(pool.length, needed)
  if (once) {
    const drawn = random.sample(pool.length, needed)
    return (asked) => others(asked, drawn).slice(0, shots)
  }
  return (asked) => {
    const drawn = random.sample(pool.length, needed)
    if (!dropsAsked) return drawn
    const kept = others(asked, drawn).slice(0, shots)
    if (kept.length === shots) return kept
    const rest = others(asked, all)
    if (rest.length < shots) throw tooFew(rest.length, shots)
    return random.sample(rest.length, shots).map((i) => rest[i]!)
  }
}
