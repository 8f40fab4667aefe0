import type {
  Completion,
  GenerateRequest,
  ScoreCost,
  ScoreRequest,
  ScoreResult,
  Scorer,
  ScoreUsage,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { generate } from '../generate.js'
import type { Want } from '../request-trie.js'
import { checkCost, checkRequests, naiveTokens } from '../requests.js'
import { Turns } from '../turns.js'
import { createNormalizer, type Normalizer } from './normalizer.js'
import { planPackedSteps } from './packed-plan.js'
import { planSteps } from './plan.js'
import type { Session } from './session.js'
import type { PlannedToken } from './steps.js'

/** A context with what serves its calls one after the other. */
interface Lane {
  readonly session: Session
  readonly turns: Turns
  readonly normalizer: Normalizer
  /** Calls that wait or run. */
  calls: number
}

interface NativeScorerOptions {
  /** The model's, for messages. */
  readonly name: string
  readonly vocabularySize: number
  /** What a token stands for. */
  bytes(token: number): Uint8Array
  /** Does the token end a completion? */
  isEnd(token: number): boolean
  readonly contextLength: number
  readonly batchTokens: number
  /** Evaluate short branches side by side (packed-plan.ts). */
  readonly packBranches: boolean
}

/** Marks a token whose logits are read directly. */
const LAST: readonly Want[] = [{ request: 0, index: 0, target: 0 }]

/** Scores by llama.cpp's contexts: one a lane. */
export class NativeScorer implements Scorer {
  readonly contextLength: number
  private readonly all: readonly Lane[]

  constructor(
    sessions: readonly Session[],
    private readonly options: NativeScorerOptions,
  ) {
    this.contextLength = options.contextLength
    this.all = sessions.map((session) => ({
      session,
      turns: new Turns(),
      normalizer: createNormalizer(options.vocabularySize),
      calls: 0,
    }))
  }

  get lanes(): number {
    return this.all.length
  }

  /** Serve a call where the fewest wait. */
  private async run<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = this.all.reduce((least, other) => (other.calls < least.calls ? other : least))
    lane.calls++
    try {
      return await lane.turns.run(() => work(lane))
    } finally {
      lane.calls--
    }
  }

  score(requests: readonly ScoreRequest[], usage?: ScoreUsage): Promise<ScoreResult[]> {
    checkRequests(requests, this.contextLength, this.options.vocabularySize)
    return this.run(async (lane) => {
      const { session } = lane
      const results = requests.map(({ tokens, from }) => new Float64Array(tokens.length - from))
      if (usage !== undefined) usage.naive += naiveTokens(requests)
      const plan = this.options.packBranches ? planPackedSteps : planSteps
      // One sequence is the session's own, for padding.
      const limits = { batchTokens: this.options.batchTokens, sequences: session.size.sequences - 1 }
      for (const step of plan(requests, limits)) {
        if (step.kind === 'clear') session.clear()
        else if (step.kind === 'share') session.share(step.from, step.to, step.length)
        else if (step.kind === 'drop') session.drop(step.sequence)
        else {
          const logits = await decode(lane, step.tokens)
          if (usage !== undefined) usage.evaluated += step.tokens.length
          this.collect(lane.normalizer, step.tokens, logits, results)
        }
      }
      return results
    })
  }

  /** Turn rows of logits, shape (tokens with wants, vocabulary), into log-probabilities of the wanted tokens. */
  private collect(
    normalizer: Normalizer,
    tokens: readonly PlannedToken[],
    logits: Float32Array,
    results: readonly ScoreResult[],
  ): void {
    const { row } = normalizer
    let at = 0
    for (const { wants } of tokens) {
      if (wants.length === 0) continue
      row.set(logits.subarray(at, at + row.length))
      at += row.length
      const total = normalizer.logNormalizer()
      if (!Number.isFinite(total)) throw raise('non-finite-logits', `of ${this.options.name}`)
      for (const { request, index, target } of wants) results[request]![index] = row[target]! - total
    }
  }

  generate(request: GenerateRequest): Promise<Completion> {
    const prompt = { tokens: request.tokens, from: request.tokens.length }
    checkRequests([prompt], this.contextLength, this.options.vocabularySize)
    return this.run(async (lane) => {
      lane.session.clear()
      let position = 0
      return generate(request, {
        room: this.contextLength - request.tokens.length,
        bytes: (token) => this.options.bytes(token),
        isEnd: (token) => this.options.isEnd(token),
        next: async (tokens) => {
          const logits = await this.feed(lane, tokens, position)
          position += tokens.length
          return logits
        },
      })
    })
  }

  measureCost(tokens: Int32Array, decoded: number): Promise<ScoreCost> {
    checkCost(tokens, decoded, this.contextLength)
    return this.run(async (lane) => {
      lane.session.clear()
      const timed = async (part: Int32Array, position: number) => {
        const start = performance.now()
        // Generation as servers do it sends single tokens; padding would bill it for four.
        await this.feed(lane, part, position, false)
        return (performance.now() - start) / 1000
      }
      const prefillSeconds = await timed(tokens, 0)
      const decodeSeconds: number[] = []
      for (let i = 0; i < decoded; i++)
        decodeSeconds.push(await timed(tokens.subarray(0, 1), tokens.length + i))
      return { prefillSeconds, decodeSeconds }
    })
  }

  /** Append tokens to sequence 0 and return the last one's logits, shape (vocabulary). */
  private async feed(lane: Lane, tokens: Int32Array, position: number, padded = true): Promise<Float32Array> {
    const { batchTokens } = this.options
    let logits: Float32Array = new Float32Array(0)
    for (let at = 0; at < tokens.length; at += batchTokens) {
      const planned = Array.from(tokens.subarray(at, at + batchTokens), (token, i) => ({
        token,
        position: position + at + i,
        sequence: 0,
        wants: at + i === tokens.length - 1 ? LAST : [],
      }))
      logits = await decode(lane, planned, padded)
    }
    return logits
  }

  /** Ends what runs at its next batch and frees the contexts. */
  async close(): Promise<void> {
    await Promise.all(this.all.map(({ turns, session }) => turns.close(() => session.close())))
  }
}

async function decode(
  { turns, session }: Lane,
  tokens: readonly PlannedToken[],
  padded = true,
): Promise<Float32Array> {
  turns.check()
  return session.decode(tokens, padded)
}
