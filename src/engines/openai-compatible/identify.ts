import { AssayError } from '../../core/index.js'
import type { Dialect } from './dialects/dialect.js'
import { echo } from './dialects/echo.js'
import { sglang } from './dialects/sglang.js'
import { dig } from './dialects/values.js'
import { vllm } from './dialects/vllm.js'
import type { Endpoint } from './endpoint.js'
import { raise } from './errors.js'
import { PassingFailure } from './passing.js'

/** What a server says of itself. */
export interface Identity {
  /** Dialects to try, the likeliest first. */
  readonly dialects: readonly Dialect[]
  /** `vllm`, or as it calls itself. */
  readonly kind: string
  readonly version?: string
  readonly model: string
  /** Longest sequence, what is written included. */
  readonly maxLength?: number
  /** Where it took its tokenizer from: a folder of its machine, or a name on the Hub. */
  readonly tokenizer?: string
}

/** Waits for a server's first word, an attempt each, ms: a list of models is no work. */
const GREETINGS = [5000, 10_000, 15_000] as const

/**
 * Ask a server what it is and which model it serves.
 *
 * @param note told while it gives no answer
 * @throws {AssayError} `engines/server-unreachable`, `server-denied`, `not-a-model-server`, `no-such-served-model`, `scores-nothing`
 */
export async function identify(
  endpoint: Endpoint,
  wanted: string | undefined,
  note: (text: string) => void = () => {},
): Promise<Identity> {
  const path = { path: endpoint.root }
  const listed = await greet(endpoint, note)
  const models = dig(listed, 'data')
  const names = Array.isArray(models) ? models.map((model) => dig(model, 'id')) : []
  if (!Array.isArray(models) || !names.every((name) => typeof name === 'string'))
    throw raise('not-a-model-server', 'it answers /v1/models with something else than a list', path)
  const at = wanted === undefined ? 0 : names.indexOf(wanted)
  if (names.length === 0 || at < 0 || (wanted === undefined && names.length > 1))
    throw raise('no-such-served-model', `it serves ${names.slice(0, 10).join(', ') || 'none'}`, path)
  const owner = dig(models[at], 'owned_by')
  if (owner === 'llamacpp')
    throw raise(
      'scores-nothing',
      'llama.cpp’s server gives log-probabilities of what it writes, never of a prompt',
      path,
    )
  const info = await probe(endpoint, '/get_model_info')
  const server = info === undefined ? undefined : await probe(endpoint, '/get_server_info')
  const version = dig(server, 'version') ?? dig(await probe(endpoint, '/version'), 'version')
  const kind = info !== undefined ? 'sglang' : typeof owner === 'string' ? owner : 'unknown'
  const maxLength = dig(models[at], 'max_model_len') ?? dig(server, 'context_length')
  const tokenizer = dig(info, 'tokenizer_path') ?? dig(models[at], 'root')
  return {
    kind,
    dialects: kind === 'sglang' ? [sglang] : [vllm, echo],
    model: names[at] as string,
    ...(typeof version === 'string' && { version }),
    ...(typeof maxLength === 'number' && { maxLength }),
    ...(typeof tokenizer === 'string' && { tokenizer }),
  }
}

async function greet(endpoint: Endpoint, note: (text: string) => void): Promise<unknown> {
  for (const [i, longest] of GREETINGS.entries())
    try {
      return await endpoint.ask('/v1/models', undefined, endpoint.load.begin(), longest)
    } catch (error) {
      if (error instanceof AssayError && error.code === 'engines/server-refused')
        throw raise('not-a-model-server', error.message, { path: endpoint.root }, error)
      if (!(error instanceof PassingFailure)) throw error
      if (error.what === 'strange')
        throw raise('not-a-model-server', error.message, { path: endpoint.root }, error)
      if (i === GREETINGS.length - 1)
        throw raise('server-unreachable', error.message, { path: endpoint.root }, error)
      if (error.what === 'overloaded') note(`${endpoint.root} gives no answer yet (${error.message}).`)
    }
  throw new RangeError('no attempt at a greeting')
}

/** What a server answers to a question that it need not know; undefined where it does not. */
export async function probe(endpoint: Endpoint, path: string, body?: object): Promise<unknown> {
  try {
    return await endpoint.ask(path, body, endpoint.load.begin(), GREETINGS[1])
  } catch (error) {
    if (error instanceof PassingFailure) return undefined
    if (error instanceof AssayError && error.code === 'engines/server-refused') return undefined
    throw error
  }
}
