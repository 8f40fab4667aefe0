import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Backend } from './backend.js'
import { DIALECTS, type Told } from './dialects.js'
import type { PrefixCache } from './prefix-cache.js'

/** What may happen to one answer on its way. */
export type Fault =
  | 'drop'
  | 'reset'
  | 'stall'
  | 'truncated'
  | 'short'
  | 'reordered'
  | 'stale'
  | 'floor'
  | '429'
  | '500'
  | '503'

export interface ConformanceOptions {
  readonly dialect: keyof typeof DIALECTS
  readonly backend: Backend
  /** Of the n-th scoring request, counted from 0. */
  fault?(n: number): Fault | undefined
  /** What the server does to every answer: a lie that it repeats. */
  lie?(told: Told, earlier: readonly Told[]): void
  /** Before a prompt is scored: left truncation, added tokens. */
  rewrite?(tokens: number[]): number[]
  readonly delay?: number
  /** What it holds of prompts, where somebody counts that. */
  readonly cache?: PrefixCache
  readonly ownedBy?: string
  /** Where it took its tokenizer from. */
  readonly root?: string
  /** Requests under way beyond which 429 is answered. */
  readonly most?: number
  readonly key?: string
}

export interface ConformanceServer {
  readonly url: string
  readonly seen: {
    requests: number
    faults: number
    mostInFlight: number
    /** Connections open at once: requests under way as the client counts them. */
    mostConnections: number
    /** Sum over requests of those under way when they came, for a mean. */
    inFlightSum: number
  }
  /** Header `authorization` of the last request. */
  authorization: string | undefined
  close(): Promise<void>
}

/** A server of one dialect in front of a model, on a free port of this machine. */
export async function startConformanceServer(options: ConformanceOptions): Promise<ConformanceServer> {
  const { backend } = options
  const routes = DIALECTS[options.dialect]
  const cache = options.cache
  const seen = { requests: 0, faults: 0, mostInFlight: 0, mostConnections: 0, inFlightSum: 0 }
  const earlier: Told[] = []
  let inFlight = 0

  async function tell(body: Record<string, unknown>): Promise<Told> {
    const { tokens: asked, from, wants } = routes.ask(body)
    const tokens = Int32Array.from(options.rewrite?.(asked) ?? asked)
    const over = tokens.findIndex((token) => token < 0 || token >= backend.vocabularySize)
    if (over >= 0) throw new RangeError(`Token id ${tokens[over]} is out of vocabulary`)
    if (tokens.length >= backend.contextLength)
      throw new RangeError(`This model's maximum context length is ${backend.contextLength} tokens`)
    // vLLM reads nothing from its cache for such a request; SGLang what lies before the start.
    const most = !wants ? tokens.length - 1 : options.dialect === 'vllm' ? 0 : from
    const cached = cache?.evaluate(tokens, most) ?? 0
    const values = wants ? [null, ...(await backend.score(tokens))] : []
    const written = wants ? { text: '', tokens: [] } : await backend.write({ ...routes.write(body), tokens })
    const candidates = routes.nexts?.(body) ?? []
    const nexts = await Promise.all(
      candidates.map(
        async (id) => [id, (await backend.score(Int32Array.of(...tokens, id))).at(-1)!] as const,
      ),
    )
    return { nexts, tokens, values, ids: Array.from(tokens), written, body, cached, backend }
  }

  async function score(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await textOf(request)) as Record<string, unknown>
    const n = seen.requests++
    seen.mostInFlight = Math.max(seen.mostInFlight, inFlight)
    seen.inFlightSum += inFlight
    if (options.most !== undefined && inFlight > options.most)
      return refuse(response, 429, 'too many', { 'retry-after': '0.05' })
    const fault = options.fault?.(n)
    if (fault !== undefined) seen.faults++
    if (fault === 'drop') return void request.socket.destroy()
    if (fault === 'stall') return
    if (fault === '429' || fault === '500' || fault === '503')
      return refuse(response, Number(fault), 'injected', fault === '429' ? { 'retry-after': '0.02' } : {})
    if (options.delay !== undefined) await sleep(options.delay)
    let told: Told
    try {
      told = await tell(body)
    } catch (error) {
      return refuse(response, 400, error instanceof Error ? error.message : String(error))
    }
    const last = earlier.at(-1)
    options.lie?.(told, earlier)
    earlier.push({ ...told })
    if (earlier.length > 8) earlier.shift()
    if (fault !== undefined) spoil(told, fault, last)
    const text = JSON.stringify(routes.answer(told))
    if (fault === 'truncated') return void response.end(text.slice(0, text.length >> 1))
    if (fault === 'reset') {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      })
      return void response.write(text.slice(0, text.length >> 1), () => request.socket.destroy())
    }
    response.setHeader('content-type', 'application/json')
    response.end(text)
  }

  const server = createServer((request, response) => {
    state.authorization = request.headers.authorization
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`)
      return refuse(response, 401, 'Unauthorized')
    const path = request.url ?? '/'
    const fixed: Record<string, object> = {
      '/v1/models': {
        object: 'list',
        data: [
          {
            id: backend.name,
            owned_by: options.ownedBy ?? routes.ownedBy,
            max_model_len: backend.contextLength,
            ...(options.root !== undefined && { root: options.root }),
          },
        ],
      },
      ...routes.more,
    }
    if (request.method === 'GET' && fixed[path] !== undefined)
      return void response.end(JSON.stringify(fixed[path]))
    if (request.method === 'POST' && path === '/tokenize' && backend.tokenize !== undefined)
      return void textOf(request).then((text) => {
        const tokens = backend.tokenize!(String((JSON.parse(text) as { prompt?: unknown }).prompt))
        response.end(JSON.stringify({ tokens, count: tokens.length, max_model_len: backend.contextLength }))
      })
    if (request.method !== 'POST' || path !== routes.path) return refuse(response, 404, 'Not Found')
    inFlight++
    response.once('close', () => inFlight--)
    score(request, response).catch((error: unknown) => refuse(response, 500, String(error)))
  })
  server.keepAliveTimeout = 60_000
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    seen.mostConnections = Math.max(seen.mostConnections, connections)
    socket.once('close', () => connections--)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const state: ConformanceServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    authorization: undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return state
}

/** Change an answer as a fault does: an item fewer, a floor, somebody else's answer, the tokens in another order. */
function spoil(told: Told, fault: Fault, last: Told | undefined): void {
  const { ids, values, nexts } = told
  if (fault === 'short')
    Object.assign(told, { ids: ids.slice(0, -1), values: values.slice(0, -1), nexts: nexts.slice(1) })
  if (fault === 'floor')
    Object.assign(told, { values: [...values.slice(0, -1), -9999], nexts: nexts.map(([id]) => [id, -9999]) })
  if (fault === 'stale' && last !== undefined)
    Object.assign(told, { ids: last.ids, values: last.values, nexts: last.nexts })
  if (fault === 'reordered')
    Object.assign(told, {
      ids: ids.toReversed(),
      values: [null, ...values.slice(1).reverse()],
      nexts: nexts.toReversed(),
    })
}

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) return
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ error: { message, type: 'error', code: status } }))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
