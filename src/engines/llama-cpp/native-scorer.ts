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
import { checkCost, checkRequests, commonLength, naiveTokens } from '../requests.js'
import { Turns } from '../turns.js'
import { createNormalizer, type Normalizer } from './normalizer.js'
import { planPackedSteps } from './packed-plan.js'
import { planSteps } from './plan.js'
import type { Session } from './session.js'
import { HELD, type PlannedToken } from './steps.js'

/** A context with what serves its calls one after the other. */
interface Lane {
  readonly session: Session
  readonly turns: Turns
  readonly normalizer: Normalizer
  /** Calls that wait or run. */
  calls: number
  /** Tokens that sequence {@link HELD} holds since the last call: what the next one begins with is evaluated once. */
  held: Int32Array
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
  /** Whether a sequence can be cut short: recurrent models hold a whole state. */
  readonly holdsPrefixes: boolean
}

/** Shared beginnings shorter than this are not worth a batch of their own. */
const LEAST_HELD = 8
const NOTHING = new Int32Array(0)

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
      held: NOTHING,
    }))
  }

  get lanes(): number {
    return this.all.length
  }

  /** Serve a call where the fewest wait, and of those where most of its beginning is held. */
  private async run<T>(work: (lane: Lane) => Promise<T>, beginning: Int32Array = NOTHING): Promise<T> {
    const shared = (lane: Lane): number => commonLength(lane.held, beginning)
    const lane = this.all.reduce((least, other) =>
      other.calls < least.calls || (other.calls === least.calls && shared(other) > shared(least))
        ? other
        : least,
    )
    lane.calls++
    try {
      return await lane.turns.run(() => work(lane))
    } finally {
      lane.calls--
    }
  }

  score(
    requests: readonly ScoreRequest[],
    usage?: ScoreUsage,
    likeliest?: ScoreResult[],
  ): Promise<ScoreResult[]> {
    checkRequests(requests, this.contextLength, this.options.vocabularySize)
    const beginning = this.options.holdsPrefixes ? beginningOf(requests) : NOTHING
    return this.run(async (lane) => {
      const { session } = lane
      const results = requests.map(({ tokens, from }) => new Float64Array(tokens.length - from))
      if (likeliest !== undefined) likeliest.push(...results.map(({ length }) => new Float64Array(length)))
      if (usage !== undefined) usage.naive += naiveTokens(requests)
      await this.hold(lane, beginning, usage)
      const plan = this.options.packBranches ? planPackedSteps : planSteps
      // One sequence is the session's own, for padding.
      const limits = {
        batchTokens: this.options.batchTokens,
        sequences: session.size.sequences - 1,
        held: beginning.length,
        contextTokens: this.contextLength,
      }
      for (const step of plan(requests, limits)) {
        if (step.kind === 'clear') session.clear()
        else if (step.kind === 'share') session.share(step.from, step.to, step.length)
        else if (step.kind === 'drop') session.drop(step.sequence)
        else {
          const logits = await decode(lane, step.tokens)
          if (usage !== undefined) usage.evaluated += step.tokens.length
          this.collect(lane.normalizer, step.tokens, logits, results, likeliest)
        }
      }
      lane.held = beginning
      return results
    }, beginning)
  }

  /** Let sequence {@link HELD} hold the tokens that all requests of a call begin with, less what it has of them. */
  private async hold(lane: Lane, beginning: Int32Array, usage?: ScoreUsage): Promise<void> {
    const { session, held } = lane
    // What fails half-way leaves nothing that could be gone on from.
    lane.held = NOTHING
    if (beginning.length === 0) return
    const kept = commonLength(held, beginning)
    if (kept === 0) session.clear()
    else session.cut(HELD, kept)
    if (usage !== undefined) usage.evaluated += beginning.length - kept
    await this.feed(lane, beginning.subarray(kept), kept, { padded: true, wantsLast: false })
  }

  /** Turn rows of logits, shape (tokens with wants, vocabulary), into log-probabilities of the wanted tokens. */
  private collect(
    normalizer: Normalizer,
    tokens: readonly PlannedToken[],
    logits: Float32Array,
    results: readonly ScoreResult[],
    likeliest?: readonly ScoreResult[],
  ): void {
    const { row } = normalizer
    let at = 0
    for (const { wants } of tokens) {
      if (wants.length === 0) continue
      row.set(logits.subarray(at, at + row.length))
      at += row.length
      const total = normalizer.logNormalizer()
      if (!Number.isFinite(total)) throw raise('non-finite-logits', `of ${this.options.name}`)
      for (const { request, index, target } of wants) {
        results[request]![index] = row[target]! - total
        if (likeliest !== undefined) likeliest[request]![index] = normalizer.largest - total
      }
    }
  }

  generate(request: GenerateRequest): Promise<Completion> {
    const prompt = { tokens: request.tokens, from: request.tokens.length }
    checkRequests([prompt], this.contextLength, this.options.vocabularySize)
    return this.run(async (lane) => {
      clear(lane)
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
      clear(lane)
      const timed = async (part: Int32Array, position: number) => {
        const start = performance.now()
        // Generation as servers do it sends single tokens; padding would bill it for four.
        await this.feed(lane, part, position, { padded: false, wantsLast: true })
        return (performance.now() - start) / 1000
      }
      const prefillSeconds = await timed(tokens, 0)
      const decodeSeconds: number[] = []
      for (let i = 0; i < decoded; i++)
        decodeSeconds.push(await timed(tokens.subarray(0, 1), tokens.length + i))
      return { prefillSeconds, decodeSeconds }
    })
  }

  /** Append tokens to sequence 0 and return the last one's logits, shape (vocabulary); empty where they are not wanted. */
  private async feed(
    lane: Lane,
    tokens: Int32Array,
    position: number,
    { padded, wantsLast } = { padded: true, wantsLast: true },
  ): Promise<Float32Array> {
    const { batchTokens } = this.options
    let logits: Float32Array = new Float32Array(0)
    for (let at = 0; at < tokens.length; at += batchTokens) {
      const planned = Array.from(tokens.subarray(at, at + batchTokens), (token, i) => ({
        token,
        position: position + at + i,
        sequence: 0,
        wants: wantsLast && at + i === tokens.length - 1 ? LAST : [],
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

/** Empty a lane's cache. */
function clear(lane: Lane): void {
  lane.session.clear()
  lane.held = NOTHING
}

/**
 * What all requests begin with and nobody wants a logit of, where several share enough of it. A call of one request, or of
 * ones that are scored from their beginning, has none.
 */
function beginningOf(requests: readonly ScoreRequest[]): Int32Array {
  const wanted = requests.filter(({ tokens, from }) => from < tokens.length)
  const [first] = wanted
  if (first === undefined || wanted.length < 2) return NOTHING
  let length = first.from - 1
  for (const { tokens, from } of wanted)
    length = Math.min(length, from - 1, commonLength(first.tokens, tokens, length))
  return length < LEAST_HELD ? NOTHING : first.tokens.slice(0, length)
}

async function decode(
  { turns, session }: Lane,
  tokens: readonly PlannedToken[],
  padded = true,
): Promise<Float32Array> {
  turns.check()
  return session.decode(tokens, padded)
}
