import type {
  Engine,
  EngineSettings,
  GenerateRequest,
  ModelEvidence,
  ScoreRequest,
  ScoreResult,
  ScoreUsage,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { generate } from '../generate.js'
import { type GgufHeader, prefixTokenId } from '../gguf/header.js'
import { checkRequests } from '../requests.js'
import { Turns } from '../turns.js'
import type { Llama, Pointer } from './bindings.js'
import { loadLlama } from './bindings.js'
import { batchTokensFor, contextFor, defaultThreads, lanesFor } from './defaults.js'
import { type GpuChoice, locateLibrary, PACKAGE_VERSION } from './library.js'
import { createNormalizer, type Normalizer } from './normalizer.js'
import { planPackedSteps } from './packed-plan.js'
import { LEAST_BATCH, naiveTokens, type PlannedToken, planSteps } from './plan.js'
import { lastLines, Session } from './session.js'
import { Vocabulary } from './vocabulary.js'

export interface NativeOptions {
  readonly threads?: number
  readonly gpu: GpuChoice
  /** Longest sequence; default DEFAULT_CONTEXT, at most what the model was trained with. */
  readonly contextLength?: number
  /** Evaluate short branches side by side: faster, but numbers depend on their company (packed-plan.ts). */
  readonly packBranches?: boolean
  /** Serve calls side by side, each with threads of its own. */
  readonly sideBySide?: boolean
}

/** A context with what serves its calls one after the other. */
interface Lane {
  readonly session: Session
  readonly turns: Turns
  readonly normalizer: Normalizer
  /** Calls that wait or run. */
  calls: number
}

/** One for each level of shared prefixes, one for padding. */
const SEQUENCES = 16
/** One for each branch of a packed batch besides. */
const PACKED_SEQUENCES = 64

/**
 * Open a model through llama.cpp's C interface.
 *
 * @throws {AssayError} what {@link locateLibrary} and the loading of the library throw; `engines/unsupported-model`
 *   with the library's last words when it refuses the file; `engines/out-of-memory`.
 */
export async function openNativeEngine(
  header: GgufHeader,
  model: ModelEvidence,
  options: NativeOptions,
): Promise<Engine> {
  const library = locateLibrary(options.gpu)
  const llama = loadLlama(library)
  const onGpu = library.gpu !== 'cpu'
  const contextLength = contextFor(model, options.contextLength)
  const threads = options.threads ?? defaultThreads(model)
  const handle = await loadModel(llama, header.path, onGpu)
  const sessions: Session[] = []
  try {
    const vocabulary = new Vocabulary(llama, llama.vocabulary(handle))
    const batchTokens = batchTokensFor(vocabulary.size)
    // Recurrent models hold a whole state for every sequence: they branch one after the other.
    const packBranches =
      options.packBranches === true && !llama.isRecurrent(handle) && !llama.isHybrid(handle)
    const lanes = options.sideBySide === true && !onGpu ? lanesFor(model, threads) : 1
    const size = {
      batchTokens,
      cells: contextLength + LEAST_BATCH + (packBranches ? batchTokens : 0),
      sequences: packBranches ? PACKED_SEQUENCES : SEQUENCES,
      threads: Math.floor(threads / lanes),
      onGpu,
    }
    while (sessions.length < lanes) sessions.push(await Session.open(llama, handle, vocabulary.size, size))
    const prefix = prefixTokenId(header)
    const settings: EngineSettings = {
      engine: packBranches ? 'llama-cpp/native-packed' : 'llama-cpp/native',
      version: PACKAGE_VERSION,
      threads,
      gpu: library.gpu,
      flashAttention: false,
      batchTokens,
    }
    return new NativeEngine(
      llama,
      handle,
      sessions,
      vocabulary,
      model,
      settings,
      prefix === null ? null : { id: prefix, text: vocabulary.text(prefix) },
      contextLength,
    )
  } catch (error) {
    for (const session of sessions) session.close()
    llama.freeModel(handle)
    throw error
  }
}

async function loadModel(llama: Llama, path: string, onGpu: boolean): Promise<Pointer> {
  const log: string[] = []
  const handle = await llama.withLog(
    (text) => log.push(text),
    () => llama.loadModelAsync(path, { ...llama.modelDefaults(), n_gpu_layers: onGpu ? -1 : 0 }),
  )
  if (handle === null) throw raise('unsupported-model', `the library says: ${lastLines(log)}`, { path })
  if (llama.hasEncoder(handle) || !llama.hasDecoder(handle) || llama.isDiffusion(handle)) {
    llama.freeModel(handle)
    throw raise('unsupported-model', 'it does not predict text from left to right', { path })
  }
  return handle
}

class NativeEngine implements Engine {
  readonly id = 'llama-cpp'
  private readonly all: readonly Lane[]
  private closing: Promise<void> | null = null

  constructor(
    private readonly llama: Llama,
    private readonly handle: Pointer,
    sessions: readonly Session[],
    private readonly vocabulary: Vocabulary,
    readonly model: ModelEvidence,
    readonly settings: EngineSettings,
    readonly prefixToken: Engine['prefixToken'],
    readonly contextLength: number,
  ) {
    this.all = sessions.map((session) => ({
      session,
      turns: new Turns(),
      normalizer: createNormalizer(vocabulary.size),
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

  get vocabularySize(): number {
    return this.vocabulary.size
  }

  tokenize(text: string): Int32Array {
    return this.vocabulary.tokenize(text)
  }

  tokenBytes(token: number): Uint8Array {
    return this.vocabulary.bytes(token)
  }

  tokenKind(token: number): ReturnType<Engine['tokenKind']> {
    return this.vocabulary.kind(token)
  }

  score(requests: readonly ScoreRequest[], usage?: ScoreUsage): Promise<ScoreResult[]> {
    checkRequests(requests, this.contextLength, this.vocabulary.size)
    return this.run(async (lane) => {
      const { session } = lane
      const results = requests.map(({ tokens, from }) => new Float64Array(tokens.length - from))
      if (usage !== undefined) usage.naive += naiveTokens(requests)
      // One sequence is the session's own, for padding.
      const limits = { batchTokens: this.settings.batchTokens, sequences: session.size.sequences - 1 }
      const plan = this.settings.engine.endsWith('packed') ? planPackedSteps : planSteps
      for (const step of plan(requests, limits)) {
        if (step.kind === 'clear') session.clear()
        else if (step.kind === 'share') session.share(step.from, step.to, step.length)
        else if (step.kind === 'drop') session.drop(step.sequence)
        else {
          const logits = await this.decode(lane, step.tokens)
          if (usage !== undefined) usage.evaluated += step.tokens.length
          this.collect(lane.normalizer, step.tokens, logits, results)
        }
      }
      return results
    })
  }

  /** Turn rows of logits into log-probabilities of the wanted tokens. */
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
      if (!Number.isFinite(total)) throw raise('non-finite-logits', `of ${this.model.name}`)
      for (const { request, index, target } of wants) results[request]![index] = row[target]! - total
    }
  }

  generate(request: GenerateRequest): Promise<{ text: string; tokens: Int32Array }> {
    checkRequests(
      [{ tokens: request.tokens, from: request.tokens.length }],
      this.contextLength,
      this.vocabulary.size,
    )
    return this.run(async (lane) => {
      lane.session.clear()
      let position = 0
      return generate(request, {
        room: this.contextLength - request.tokens.length,
        bytes: (token) => this.vocabulary.bytes(token),
        isEnd: (token) => this.vocabulary.isEndOfGeneration(token),
        next: async (tokens) => {
          const logits = await this.feed(lane, tokens, position)
          position += tokens.length
          return logits
        },
      })
    })
  }

  measureCost(tokens: number, decode: number): Promise<{ prefillSeconds: number; decodeSeconds: number[] }> {
    if (tokens + decode > this.contextLength)
      throw raise(
        'context-too-small',
        `${tokens} + ${decode} tokens are asked for, the context holds ${this.contextLength}`,
      )
    return this.run(async (lane) => {
      const token = this.prefixToken?.id ?? 0
      lane.session.clear()
      const timed = async (count: number, position: number) => {
        const start = performance.now()
        // Generation as servers do it sends single tokens; padding would bill it for four.
        await this.feed(lane, new Int32Array(count).fill(token), position, false)
        return (performance.now() - start) / 1000
      }
      const prefillSeconds = await timed(tokens, 0)
      const decodeSeconds: number[] = []
      for (let i = 0; i < decode; i++) decodeSeconds.push(await timed(1, tokens + i))
      return { prefillSeconds, decodeSeconds }
    })
  }

  /** Append tokens to sequence 0 and return the last one's logits, shape (vocabulary). */
  private async feed(lane: Lane, tokens: Int32Array, position: number, padded = true): Promise<Float32Array> {
    let logits: Float32Array = new Float32Array(0)
    for (let at = 0; at < tokens.length; at += this.settings.batchTokens) {
      const chunk = tokens.subarray(at, at + this.settings.batchTokens)
      const planned = Array.from(chunk, (token, i) => ({
        token,
        position: position + at + i,
        sequence: 0,
        wants: at + i === tokens.length - 1 ? [LAST] : [],
      }))
      logits = await this.decode(lane, planned, padded)
    }
    return logits
  }

  private async decode(
    { turns, session }: Lane,
    tokens: readonly PlannedToken[],
    padded = true,
  ): Promise<Float32Array> {
    turns.check()
    return session.decode(tokens, padded)
  }

  close(): Promise<void> {
    this.closing ??= Promise.all(
      this.all.map(({ turns, session }) => turns.close(() => session.close())),
    ).then(() => this.llama.freeModel(this.handle))
    return this.closing
  }
}

/** Marks a token whose logits are read directly. */
const LAST = { request: 0, index: 0, target: 0 }
