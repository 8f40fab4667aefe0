import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isPath } from '../../engines/index.js'
import { shippedTasks } from '../../ingest/index.js'
import { expandFiles } from '../texts/domains.js'
import type { Config } from './schema.js'

/** One thing that is wrong in a config, by its keys. */
export interface Problem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Everything that a config names and that is not there, and a forecast that says too little of its run. */
export function fileProblems(config: Config, folder: string): Problem[] {
  const problems: Problem[] = []
  const at = (path: string): string => resolve(folder, path)
  const add = (path: readonly PropertyKey[], message: string): void => {
    problems.push({ path, message })
  }
  /** An audit that asks less than it was told would be worse than none, so each glob has to match. */
  const globs = (path: readonly PropertyKey[], patterns: string | readonly string[] = []): void => {
    for (const glob of [patterns].flat())
      if (expandFiles([at(glob)]).length === 0) add(path, `no file matches "${glob}"`)
  }
  const file = (path: readonly PropertyKey[], name: string | undefined): void => {
    if (name !== undefined && !existsSync(at(name))) add(path, `there is no "${name}"`)
  }
  const evidence = (path: readonly PropertyKey[], names: string | readonly string[] = []): void => {
    for (const name of [names].flat())
      if (!existsSync(join(at(name), 'manifest.json'))) add(path, `there is no evidence in "${name}"`)
  }
  const { model, domains, baseline, references, training_logs, evaluations } = config
  const { knowledge, salience, gain, contamination, corpus, adaptability } = config
  // Anything else than a file may be meant otherwise (org/name): the engines say what to do about it.
  if (model !== undefined && isPath(model) && model.toLowerCase().endsWith('.gguf')) file(['model'], model)
  for (const [domain, patterns] of Object.entries(domains ?? {})) globs(['domains', domain], patterns)
  evidence(['baseline'], baseline)
  evidence(['references'], references)
  globs(['training_logs'], training_logs)
  globs(['gain', 'pretrained'], gain?.pretrained)
  globs(['gain', 'scratch'], gain?.scratch)
  file(['gain', 'contamination'], gain?.contamination)
  globs(['contamination'], contamination)
  if (typeof corpus === 'string') file(['corpus'], corpus)
  else file(['corpus', 'profile'], corpus?.profile)
  globs(['evaluations', 'files'], evaluations?.files)
  if (evaluations !== undefined) {
    const { params, tokens, flops } = evaluations
    if (flops === undefined && (params === undefined || tokens === undefined))
      add(['evaluations'], 'name the run to forecast: flops, or params and tokens')
  }
  file(['knowledge', 'facts'], knowledge?.facts)
  file(['knowledge', 'templates'], knowledge?.templates)
  file(['knowledge', 'counts'], knowledge?.counts)
  globs(['knowledge', 'answers'], knowledge?.answers)
  file(['salience', 'vector'], salience?.vector)
  for (const [domain, patterns] of Object.entries(salience?.text ?? {}))
    globs(['salience', 'text', domain], patterns)
  if (adaptability !== false) globs(['adaptability', 'tasks'], adaptability?.tasks)
  config.tasks?.forEach((entry, i) => {
    const { task, data } = typeof entry === 'string' ? { task: entry } : entry
    if (/\.ya?ml$/i.test(task)) file(['tasks', i], task)
    else if (!shippedTasks().includes(task))
      add(['tasks', i], `no task "${task}" ships; name a YAML, or one of ${shippedTasks().join(', ')}`)
    if (data !== undefined && isPath(data)) file(['tasks', i, 'data'], data)
  })
  return problems
}
