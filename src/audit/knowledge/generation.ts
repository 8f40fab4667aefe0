import { type Fact, holdsName, type OpenedModel, objectNames } from '../../core/index.js'
import { raise } from './errors.js'
import { fill, promptTokens, shotsFor } from './prompts.js'
import type { RelationTask } from './ranking.js'
import type { Template } from './templates.js'

/** Tokens of a completion: enough for the longest names, too few for a list of guesses. */
export const MAX_TOKENS = 16

/** Temperature of sampled completions: the model's own distribution. */
export const SAMPLING_TEMPERATURE = 1

/** Completions of one prompt: text, and whether it holds the object or an alias. */
export interface Completion {
  readonly text: string
  readonly correct: boolean
}

/** Whether a template can be asked by completion: the object has to come last. */
export function endsWithObject(template: Template): boolean {
  return template.after === '' && template.before.trim() !== ''
}

/**
 * Complete one prompt: greedily, or `samples` times at temperature 1, each with a seed of its own. The completion
 * ends at a line break and never contains the prompt.
 */
export async function completeFact(
  model: OpenedModel,
  task: RelationTask,
  template: Template,
  fact: Fact,
  how: { readonly samples: number; readonly seed: number } | 'greedy',
): Promise<Completion[]> {
  const shots = shotsFor(fact, template, task.shotOrder, task.shots)
  const tokens = promptTokens(model, shots, fill(template, fact.subject))
  const { scorer } = model
  if (scorer.generate === undefined) throw raise('cannot-generate', `engine ${model.settings.engine}`)
  const runs = how === 'greedy' ? 1 : how.samples
  const out: Completion[] = []
  for (let run = 0; run < runs; run++) {
    const { text } = await scorer.generate({
      tokens,
      maxTokens: MAX_TOKENS,
      temperature: how === 'greedy' ? 0 : SAMPLING_TEMPERATURE,
      seed: how === 'greedy' ? 0 : how.seed + run,
      stop: ['\n'],
    })
    out.push({ text, correct: objectNames(fact).some((name) => holdsName(text, name)) })
  }
  return out
}
