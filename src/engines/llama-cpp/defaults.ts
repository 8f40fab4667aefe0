import { availableParallelism } from 'node:os'
import { raise } from '../errors.js'
import type { GgufModel } from '../gguf/evidence.js'

/** Context when none is asked for: the cache of a long one costs memory whether it is used or not. */
export const DEFAULT_CONTEXT = 2048
/** What the self-check tells anything on. */
export const LEAST_CONTEXT = 8
/** Bytes of logits that a batch may fill; the library holds them twice (in the graph and as output). */
const LOGIT_BYTES = 256 * 1024 * 1024
const MOST_BATCH = 512
const FEWEST_BATCH = 32
/** A model this small is faster on one thread than on several. */
const ONE_THREAD_BELOW = 5e6

/** Tokens a batch: as many as keep a batch's logits within {@link LOGIT_BYTES}, a power of two. */
export function batchTokensFor(vocabulary: number): number {
  const most = 2 ** Math.floor(Math.log2(LOGIT_BYTES / (vocabulary * Float32Array.BYTES_PER_ELEMENT)))
  return Math.min(MOST_BATCH, Math.max(FEWEST_BATCH, most))
}

/**
 * What keys and values of the cache are kept as: weights of single precision deserve no less, for all others half is as
 * good as they are.
 */
export function cacheTypeFor({ quantization }: Pick<GgufModel, 'quantization'>): 'F32' | 'F16' {
  return quantization === 'F32' ? 'F32' : 'F16'
}

/** Models up to this size may be given several contexts; each costs a cache and room for logits. */
const SMALL_FILE_BYTES = 2 ** 30
const MOST_LANES = 4

/**
 * Contexts that share the threads among them, so that calls go on side by side. Threads of one context meet at every
 * matrix: with other work on the machine they mostly wait there (docs/decisions/0068).
 */
function lanesFor(model: Pick<GgufModel, 'fileBytes'>, threads: number): number {
  return model.fileBytes > SMALL_FILE_BYTES ? 1 : Math.max(1, Math.min(MOST_LANES, threads))
}

/** `threads` is what was asked for or stands in for it, `threadsEach` what each of the lanes gets of it. */
interface Work {
  readonly threads: number
  readonly lanes: number
  readonly threadsEach: number
}

/** Threads when none are asked for. */
export function defaultThreads(model: Pick<GgufModel, 'params'>): number {
  return model.params < ONE_THREAD_BELOW ? 1 : availableParallelism()
}

/**
 * How a model's work is shared out. A tiny model on its default takes calls side by side, a processor each and one more:
 * while a call's tokens are prepared and its logits read, none of the processors waits.
 */
export function workFor(
  model: Pick<GgufModel, 'params' | 'fileBytes'>,
  { threads, sideBySide }: { readonly threads?: number; readonly sideBySide?: boolean },
): Work {
  if (threads === undefined && model.params < ONE_THREAD_BELOW)
    return { threads: 1, lanes: lanesFor(model, availableParallelism() + 1), threadsEach: 1 }
  const all = threads ?? defaultThreads(model)
  const lanes = sideBySide === true ? lanesFor(model, all) : 1
  return { threads: all, lanes, threadsEach: Math.floor(all / lanes) }
}

/** The context to open: what was asked for, or the default, within what the model was trained with. */
export function contextFor(
  model: Pick<GgufModel, 'name' | 'contextLength'>,
  asked: number | undefined,
): number {
  if (model.contextLength < LEAST_CONTEXT)
    throw raise(
      'bad-context',
      `${model.name} takes ${model.contextLength} tokens at most, and ${LEAST_CONTEXT} are needed`,
    )
  if (asked === undefined) return Math.min(DEFAULT_CONTEXT, model.contextLength)
  if (!Number.isInteger(asked) || asked < LEAST_CONTEXT || asked > model.contextLength)
    throw raise(
      'bad-context',
      `asked for ${asked} tokens; ${model.name} takes ${LEAST_CONTEXT} to ${model.contextLength}`,
    )
  return asked
}
