import type {
  Completion,
  GenerateRequest,
  ScoreRequest,
  ScoreResult,
  Scorer,
  ScoreUsage,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { checkRequests, naiveTokens } from '../requests.js'
import type { Asked, Dialect } from './dialects/dialect.js'
import type { Endpoint } from './endpoint.js'
import { type Context, type Leaf, orderRequests } from './order.js'
import type { Pool } from './pool.js'

/** Shared beginnings shorter than this are not waited for: a token in front is no work. */
const WORTH_WAITING = 2

interface Answer {
  readonly value: Float64Array
  readonly endpoint: Endpoint
}

/** What a scorer needs to know of its servers. */
export interface ServerScorerOptions {
  readonly dialect: Dialect
  readonly asked: Asked
  /** Longest sequence that the server evaluates, the last token left out; absent where it does not say. */
  readonly contextLength?: number
  readonly vocabularySize: number
  readonly lanes: number
}

/** Scores by asking servers, one sequence a request. */
export class ServerScorer implements Scorer {
  readonly contextLength?: number
  readonly lanes: number

  constructor(
    private readonly pool: Pool,
    private readonly options: ServerScorerOptions,
    private readonly signal: AbortSignal,
  ) {
    this.lanes = options.lanes
    if (options.contextLength !== undefined) this.contextLength = options.contextLength
  }

  async score(requests: readonly ScoreRequest[], usage?: ScoreUsage): Promise<ScoreResult[]> {
    checkRequests(requests, this.contextLength ?? Number.POSITIVE_INFINITY, this.options.vocabularySize)
    if (this.signal.aborted) throw raise('closed', 'before a request')
    const leaves = orderRequests(requests)
    const results = requests.map(({ tokens, from }) => new Float64Array(tokens.length - from))
    const answers: Promise<Answer>[] = []
    const contexts = new Map<Context, Promise<Answer>>()
    for (const leaf of leaves) answers.push(this.answer(leaf, answers, contexts))
    const ended = await Promise.allSettled(answers)
    ended.forEach((end, i) => {
      if (end.status === 'rejected') throw end.reason
      const { from, serves } = leaves[i]!
      for (const index of serves) {
        const request = requests[index]!
        results[index]!.set(end.value.value.subarray(request.from - from, request.tokens.length - from))
      }
    })
    if (usage !== undefined) {
      const { cachesPrefixes } = this.options.dialect
      usage.naive += naiveTokens(requests)
      for (const { tokens, shared } of leaves)
        usage.evaluated += Math.max(0, tokens.length - 1 - (cachesPrefixes ? shared : 0))
    }
    return results
  }

  /** Ask for one leaf, after the one that makes the server hold what they share. */
  private async answer(
    leaf: Leaf,
    earlier: readonly Promise<Answer>[],
    contexts: Map<Context, Promise<Answer>>,
  ): Promise<Answer> {
    const { tokens, from, context } = leaf
    const { dialect, asked } = this.options
    if (context === undefined || dialect.scoreNext === undefined)
      return this.pool.ask(dialect.score(asked, tokens, from), await this.holder(leaf, earlier))
    const { tokens: shared, nexts } = context
    const ask = async () =>
      this.pool.ask(dialect.scoreNext!(asked, shared, nexts), await this.holder(leaf, earlier))
    if (!contexts.has(context)) contexts.set(context, ask())
    const { value: firsts, endpoint } = await contexts.get(context)!
    const first = firsts[nexts.indexOf(tokens[from]!)]!
    if (tokens.length === from + 1) return { value: Float64Array.of(first), endpoint }
    const rest = await this.pool.ask(dialect.score(asked, tokens, from + 1), endpoint)
    return { value: Float64Array.of(first, ...rest.value), endpoint: rest.endpoint }
  }

  /** The server that was asked for what a leaf begins with, once it has answered. */
  private async holder(
    { leader, shared }: Leaf,
    earlier: readonly Promise<Answer>[],
  ): Promise<Endpoint | undefined> {
    if (!this.options.dialect.cachesPrefixes || leader === undefined || shared < WORTH_WAITING)
      return undefined
    const answer = await earlier[leader]!.catch(() => undefined)
    return answer?.endpoint
  }

  async generate(request: GenerateRequest): Promise<Completion> {
    const prompt = { tokens: request.tokens, from: request.tokens.length }
    checkRequests([prompt], this.contextLength ?? Number.POSITIVE_INFINITY, this.options.vocabularySize)
    if (request.maxTokens === 0) return { text: '', tokens: new Int32Array(0) }
    const { value } = await this.pool.ask(this.options.dialect.write(this.options.asked, request))
    return { text: value.text, tokens: Int32Array.from(value.tokens) }
  }
}
