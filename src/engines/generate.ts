import { createRandom, type GenerateRequest } from '../core/index.js'

/** What the sampling loop needs of an engine. */
export interface GenerationSource {
  /** Tokens that still fit the context. */
  readonly room: number
  bytes(token: number): Uint8Array
  /** Does the token end a completion? */
  isEnd(token: number): boolean
  /** Append tokens and return the logits of what follows, shape (vocabulary); good until the next call. */
  next(tokens: Int32Array): Promise<Float32Array>
}

/**
 * Complete a prompt by the engine's logits: greedy at temperature 0, else sampled from softmax(z / T) with the
 * request's seed. Ends at an end token, a stop text (left out), the wanted length or the end of the context.
 *
 * @returns the completion's tokens and their text; bytes that are no whole UTF-8 at its end become U+FFFD
 */
export async function generate(
  request: GenerateRequest,
  source: GenerationSource,
): Promise<{ text: string; tokens: Int32Array }> {
  const random = createRandom(request.seed)
  const collector = createTextCollector(request.stop ?? [])
  let input = request.tokens
  const most = Math.min(request.maxTokens, source.room)
  while (collector.length < most) {
    const logits = await source.next(input)
    const token =
      request.temperature === 0 ? argmax(logits) : sample(logits, request.temperature, random.uniform())
    if (source.isEnd(token) || collector.add(token, source.bytes(token))) break
    input = Int32Array.of(token)
  }
  return collector.result()
}

/** Collects a completion token by token and watches for stop texts. */
export function createTextCollector(stops: readonly string[]) {
  // Streamed decoding keeps a character back until its last byte has come.
  const decoder = new TextDecoder()
  const tokens: number[] = []
  let text = ''
  let cut = -1
  return {
    get length() {
      return tokens.length
    },
    /** Returns whether a stop text has come up. */
    add(token: number, bytes: Uint8Array): boolean {
      tokens.push(token)
      text += decoder.decode(bytes, { stream: true })
      cut = firstStop(text, stops)
      return cut >= 0
    },
    result(): { text: string; tokens: Int32Array } {
      return {
        text: cut >= 0 ? text.slice(0, cut) : text + decoder.decode(),
        tokens: Int32Array.from(tokens),
      }
    },
  }
}

function firstStop(text: string, stops: readonly string[]): number {
  const found = stops.flatMap((stop) => (stop === '' || !text.includes(stop) ? [] : [text.indexOf(stop)]))
  return found.length === 0 ? -1 : Math.min(...found)
}

/** Index of the largest logit; the first of several. */
export function argmax(logits: Float32Array): number {
  let best = 0
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i
  return best
}

/** Index drawn from softmax(z / temperature) by inverting its distribution function at `u` in [0, 1). */
export function sample(logits: Float32Array, temperature: number, u: number): number {
  const max = logits[argmax(logits)]!
  let total = 0
  for (const z of logits) total += Math.exp((z - max) / temperature)
  let left = u * total
  for (let i = 0; i < logits.length; i++) {
    left -= Math.exp((logits[i]! - max) / temperature)
    if (left < 0) return i
  }
  return argmax(logits)
}
