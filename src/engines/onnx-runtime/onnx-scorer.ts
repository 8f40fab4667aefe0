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
import { RequestTrie, sizeOf, type TrieNode } from '../request-trie.js'
import { checkCost, checkRequests, naiveTokens } from '../requests.js'
import { type DecoderGraph, NAMES } from './decoder-graph.js'
import { maskOf, type Pass, passOfLine, passOfNode, passOfTrees } from './pass.js'
import { type Past, pastUpTo, sharedLength } from './past.js'
import { type Rotary, turnsAt } from './rotary.js'
import type { Runtime, RuntimeSession, Tensor } from './runtime.js'

/** Tokens of a pass: attention grows with their square, what is lost on small matrices shrinks with them. */
const PASS_TOKENS = 512
/** A beginning shorter than this is not worth a pass of its own, for the next call to begin with. */
const LEAST_KEPT = 32

export interface OnnxScorerOptions {
  /** The model's, for messages. */
  readonly name: string
  readonly vocabularySize: number
  readonly contextLength: number
  /** Rows of logits that are made at once. */
  readonly headRows: number
  readonly lanes: number
  /** What a token stands for. */
  bytes(token: number): Uint8Array
  /** Does the token end a completion? */
  isEnd(token: number): boolean
}

/** Where a call's log-probabilities go, its own and the likeliest tokens', shaped alike. */
interface Told {
  readonly results: readonly ScoreResult[]
  readonly likeliest: readonly ScoreResult[] | undefined
}

/** Scores by ONNX Runtime: what requests share goes through the model once, branches side by side under a mask. */
export class OnnxScorer implements Scorer {
  readonly contextLength: number
  readonly lanes: number
  #running = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null
  /** What all requests of the last call began with: the next call's often begin so too (shots, templates). */
  #beginning: { readonly tokens: Int32Array; readonly past: Past } | null = null

  constructor(
    private readonly runtime: Runtime,
    private readonly graph: DecoderGraph,
    private readonly body: RuntimeSession,
    private readonly head: RuntimeSession,
    private readonly options: OnnxScorerOptions,
  ) {
    this.contextLength = options.contextLength
    this.lanes = options.lanes
  }

  score(
    requests: readonly ScoreRequest[],
    usage?: ScoreUsage,
    likeliest?: ScoreResult[],
  ): Promise<ScoreResult[]> {
    checkRequests(requests, this.contextLength, this.options.vocabularySize)
    return this.#while(this.#score(requests, usage, likeliest))
  }

  /** Work that closing waits for. */
  #while<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    return work.finally(() => this.#running.delete(work))
  }

  async #score(
    requests: readonly ScoreRequest[],
    usage?: ScoreUsage,
    likeliest?: ScoreResult[],
  ): Promise<ScoreResult[]> {
    const results = requests.map(({ tokens, from }) => new Float64Array(tokens.length - from))
    likeliest?.push(...results.map(({ length }) => new Float64Array(length)))
    if (usage !== undefined) usage.naive += naiveTokens(requests)
    const trie = new RequestTrie(requests)
    const known = this.#known(requests)
    const run = async (pass: Pass, past: Past, keep: boolean): Promise<Past> => {
      const next = await this.#pass(pass, past, keep, { results, likeliest })
      if (usage !== undefined) usage.evaluated += pass.tokens.length
      return next
    }
    const grow = async (forest: readonly TrieNode[], past: Past): Promise<void> => {
      let bundle: TrieNode[] = []
      let held = 0
      const flush = async (): Promise<void> => {
        if (bundle.length > 0) await run(passOfTrees(trie, bundle), past, false)
        bundle = []
        held = 0
      }
      for (const node of forest) {
        const size = sizeOf(node)
        if (size === 0) continue
        if (held + size > PASS_TOKENS) await flush()
        const isBeginning = node.children.length > 0 && node.high - node.low === trie.order.length
        if (size > PASS_TOKENS || (isBeginning && node.end - node.start >= LEAST_KEPT)) {
          let behind = past
          for (let at = node.start; at < node.end; at += PASS_TOKENS)
            behind = await run(passOfNode(trie, node, at, Math.min(node.end, at + PASS_TOKENS)), behind, true)
          if (isBeginning)
            this.#beginning = { tokens: requests[trie.order[0]!]!.tokens.slice(0, node.end), past: behind }
          await grow(node.children, behind)
        } else {
          bundle.push(node)
          held += size
        }
      }
      await flush()
    }
    await grow(
      trie.forest(() => true, known.length),
      known,
    )
    return results
  }

  /** As much of the last call's beginning as all of these requests begin with, and want nothing of. */
  #known(requests: readonly ScoreRequest[]): Past {
    if (this.#beginning === null) return this.#noPast()
    const { tokens, past } = this.#beginning
    const length = sharedLength(requests, tokens)
    return length === 0 ? this.#noPast() : pastUpTo(past, length, this.graph.attention, this.runtime.Tensor)
  }

  #tensor(data: Float32Array, ...shape: number[]): Tensor {
    return new this.runtime.Tensor('float32', data, shape)
  }

  #whole(values: Iterable<number>, ...shape: number[]): Tensor {
    return new this.runtime.Tensor('int64', BigInt64Array.from(values, BigInt), shape)
  }

  #noPast(): Past {
    const { keyHeads, size } = this.graph.attention
    const empty = this.#tensor(new Float32Array(0), keyHeads, 0, size)
    return {
      length: 0,
      feeds: this.#byLayer((layer) => [
        [NAMES.pastKeys(layer), empty],
        [NAMES.pastValues(layer), empty],
      ]),
    }
  }

  #byLayer(entries: (layer: number) => readonly (readonly [string, Tensor])[]): Record<string, Tensor> {
    return Object.fromEntries(Array.from({ length: this.graph.layers }, (_, layer) => entries(layer)).flat())
  }

  async #pass(pass: Pass, past: Past, keep: boolean, told: Told): Promise<Past> {
    const rows = [...pass.wants.keys()]
    const { hidden, next } = await this.#body(pass, past, rows, keep)
    for (let from = 0; from < rows.length; from += this.options.headRows)
      await this.#collect(pass, rows.slice(from, from + this.options.headRows), from, hidden, told)
    return next
  }

  /** The last norm's output at some of a pass' tokens, shape (rows, width), and the past with the pass behind it if kept. */
  async #body(
    pass: Pass,
    past: Past,
    rows: readonly number[],
    keep: boolean,
  ): Promise<{ readonly hidden: Float32Array; readonly next: Past }> {
    if (this.#closing !== null) throw raise('closed', 'between two batches')
    const { tokens, positions } = pass
    const count = tokens.length
    const { rotary, hasPositions, window, layers } = this.graph
    const mask = (within?: number): Tensor =>
      this.#tensor(maskOf(pass, past.length, within), count, past.length + count)
    const turns = (which: Rotary, [cosName, sinName]: readonly [string, string]) => {
      const { cos, sin } = turnsAt(which, positions)
      const pairs = which.frequencies.length
      return { [cosName]: this.#tensor(cos, count, pairs), [sinName]: this.#tensor(sin, count, pairs) }
    }
    const feeds = {
      ...past.feeds,
      [NAMES.tokens]: this.#whole(tokens, count),
      [NAMES.rows]: this.#whole(rows, rows.length),
      [NAMES.mask]: mask(),
      ...(window === undefined ? {} : { [NAMES.windowMask]: mask(window) }),
      ...(hasPositions ? { [NAMES.positions]: this.#whole(positions, count) } : {}),
      ...(rotary === null ? {} : turns(rotary.all, [NAMES.cos, NAMES.sin])),
      ...(rotary?.local === undefined ? {} : turns(rotary.local, [NAMES.localCos, NAMES.localSin])),
    }
    const layerNames = Array.from({ length: keep ? layers : 0 }, (_, layer) => [
      NAMES.keys(layer),
      NAMES.values(layer),
    ])
    const made = await this.body.run(feeds, [NAMES.hidden, ...layerNames.flat()])
    const hidden = made[NAMES.hidden]!.data as Float32Array
    if (!keep) return { hidden, next: past }
    const feedsBehind = this.#byLayer((layer) => [
      [NAMES.pastKeys(layer), made[NAMES.keys(layer)]!],
      [NAMES.pastValues(layer), made[NAMES.values(layer)]!],
    ])
    return { hidden, next: { length: past.length + count, feeds: feedsBehind } }
  }

  /** Tokens behind a past, and the logits of what follows them, shape (vocabulary). */
  async #follow(
    tokens: Int32Array,
    past: Past,
  ): Promise<{ readonly logits: Float32Array; readonly next: Past }> {
    let behind = past
    let last = new Float32Array(0)
    for (let at = 0; at < tokens.length; at += PASS_TOKENS) {
      const pass = passOfLine(tokens.subarray(at, at + PASS_TOKENS), behind.length)
      const { hidden, next } = await this.#body(pass, behind, [pass.tokens.length - 1], true)
      last = new Float32Array(hidden)
      behind = next
    }
    const { [NAMES.logits]: made } = await this.head.run(
      {
        [NAMES.hidden]: this.#tensor(last, 1, this.graph.width),
        [NAMES.wanted]: this.#whole([0, 0], 1, 2),
      },
      [NAMES.logits],
    )
    return { logits: made!.data as Float32Array, next: behind }
  }

  generate(request: GenerateRequest): Promise<Completion> {
    const { vocabularySize } = this.options
    checkRequests(
      [{ tokens: request.tokens, from: request.tokens.length }],
      this.contextLength,
      vocabularySize,
    )
    let past = this.#noPast()
    return this.#while(
      generate(request, {
        room: this.contextLength - request.tokens.length,
        bytes: (token) => this.options.bytes(token),
        isEnd: (token) => this.options.isEnd(token),
        next: async (tokens) => {
          const { logits, next } = await this.#follow(tokens, past)
          past = next
          return logits
        },
      }),
    )
  }

  async measureCost(tokens: Int32Array, decoded: number): Promise<ScoreCost> {
    checkCost(tokens, decoded, this.contextLength)
    let past = this.#noPast()
    const timed = async (part: Int32Array): Promise<number> => {
      const began = performance.now()
      past = (await this.#while(this.#follow(part, past))).next
      return (performance.now() - began) / 1000
    }
    const prefillSeconds = await timed(tokens)
    const decodeSeconds: number[] = []
    for (let i = 0; i < decoded; i++) decodeSeconds.push(await timed(tokens.subarray(0, 1)))
    return { prefillSeconds, decodeSeconds }
  }

  /** Log-probabilities of what is wanted of some rows, the first of which is row `from` of `hidden`. */
  async #collect(
    { wants }: Pass,
    rows: readonly number[],
    from: number,
    hidden: Float32Array,
    { results, likeliest }: Told,
  ): Promise<void> {
    const { width } = this.graph
    const all = rows.flatMap((row, i) => wants.get(row)!.map((want) => ({ want, i })))
    const { [NAMES.logProbabilities]: logs, [NAMES.largest]: largest } = await this.head.run(
      {
        [NAMES.hidden]: this.#tensor(
          hidden.subarray(from * width, (from + rows.length) * width),
          rows.length,
          width,
        ),
        [NAMES.wanted]: this.#whole(
          all.flatMap(({ want, i }) => [i, want.target]),
          all.length,
          2,
        ),
      },
      [NAMES.logProbabilities, NAMES.largest],
    )
    all.forEach(({ want, i }, at) => {
      const value = Number(logs!.data[at])
      if (Number.isNaN(value)) throw raise('non-finite-logits', `of ${this.options.name}`)
      results[want.request]![want.index] = value
      if (likeliest !== undefined) likeliest[want.request]![want.index] = Number(largest!.data[i])
    })
  }

  /** Ends what runs at its next pass and frees the sessions. */
  close(): Promise<void> {
    this.#beginning = null
    this.#closing ??= Promise.allSettled(this.#running).then(async () => {
      await this.body.release()
      await this.head.release()
    })
    return this.#closing
  }
}
