import type { BenchmarkAnswer, OpenedModel, TaskInstance } from '../../core/index.js'
import { PairEncoder } from './encode-pair.js'
import { raise } from './errors.js'

/**
 * Let the model write behind an instance's prompt, which is cut from the left to leave room, as lm-evaluation-harness cuts it.
 *
 * @throws {AssayError} benchmarks/cannot-generate; what the engine throws
 */
export async function completeInstance(
  model: OpenedModel,
  { generation, document }: TaskInstance,
): Promise<Pick<BenchmarkAnswer, 'answer' | 'tokens'>> {
  const { scorer, settings } = model
  if (generation === undefined || scorer.generate === undefined)
    throw raise('cannot-generate', `engine ${settings.engine}`)
  const { context, until, maxTokens, temperature } = generation
  const { tokens } = new PairEncoder(model).context(context)
  const room = Math.max(1, (scorer.contextLength ?? Number.POSITIVE_INFINITY) - maxTokens)
  const written = await scorer.generate({
    tokens: tokens.slice(Math.max(0, tokens.length - room)),
    maxTokens,
    temperature,
    seed: document.index,
    stop: until,
  })
  return {
    answer: written.text,
    tokens: written.tokens.length,
  }
}
