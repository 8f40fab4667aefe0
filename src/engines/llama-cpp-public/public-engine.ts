import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import { messageOf } from '../../core/errors.js'
import type {
  Completion,
  EngineSettings,
  GenerateRequest,
  OpenedModel,
  ScoreCost,
  ScoreRequest,
  ScoreResult,
  Scorer,
  ScoreUsage,
  TextTokenizer,
} from '../../core/index.js'
import type { OpenOptions } from '../engine.js'
import { raise } from '../errors.js'
import { createTextCollector } from '../generate.js'
import type { GgufModel } from '../gguf/evidence.js'
import { type GgufHeader, specialTokenIds } from '../gguf/header.js'
import { readTokenBytes } from '../gguf/vocabulary.js'
import { batchTokensFor, cacheTypeFor, contextFor, defaultThreads } from '../llama-cpp/defaults.js'
import { PACKAGE_VERSION } from '../llama-cpp/library.js'
import { BATCH_MULTIPLE } from '../llama-cpp/steps.js'
import { choosePrefix } from '../prefix-tokens.js'
import { checkCost, checkRequests, naiveTokens } from '../requests.js'
import { Turns } from '../turns.js'
import { cutBatches, groupRequests, type RequestGroup, resumePoint } from './groups.js'

/**
 * Open a model by node-llama-cpp's documented interface alone, without a struct of our own: slower than the
 * native engine, and what is left when that one does not fit the installed library.
 *
 * @throws {AssayError} `engines/missing-package` when node-llama-cpp is not installed, `engines/unsupported-model`
 */
export async function openPublicEngine(
  header: GgufHeader,
  model: GgufModel,
  options: OpenOptions,
): Promise<OpenedModel> {
  const contextLength = contextFor(model, options.contextLength)
  const threads = options.threads ?? defaultThreads(model)
  const gpu = options.gpu ?? 'off'
  const { getLlama, LlamaLogLevel } = await importPackage()
  let loaded: LlamaModel
  try {
    const llama = await getLlama({
      gpu: gpu === 'off' ? false : gpu,
      build: 'never',
      logLevel: LlamaLogLevel.disabled,
      maxThreads: threads,
    })
    loaded = await llama.loadModel({ modelPath: header.path, gpuLayers: gpu === 'off' ? 0 : 'max' })
  } catch (error) {
    throw raise('unsupported-model', messageOf(error), { path: header.path }, error)
  }
  const batchTokens = batchTokensFor(model.vocabularySize)
  const settings: EngineSettings = {
    engine: 'llama-cpp/public',
    version: PACKAGE_VERSION,
    threads,
    gpu: loaded.llama.gpu === false ? 'cpu' : loaded.llama.gpu,
    flashAttention: false,
    cacheType: cacheTypeFor(model),
    batchTokens,
  }
  try {
    const context = await loaded.createContext({
      // Where the last cell is taken the package drops the oldest tokens before it evaluates it.
      contextSize: contextLength + BATCH_MULTIPLE,
      batchSize: batchTokens,
      threads,
      flashAttention: false,
      swaFullCache: true,
      experimentalKvCacheKeyType: cacheTypeFor(model),
      experimentalKvCacheValueType: cacheTypeFor(model),
      failedCreationRemedy: false,
    })
    const tokenizer = publicTokenizer(loaded, model.vocabularySize, await readTokenBytes(header))
    const scorer = new PublicScorer(context, tokenizer, { contextLength, batchTokens })
    const prefix = choosePrefix(
      {
        ...specialTokenIds(header),
        addsBos: loaded.tokens.shouldPrependBosToken,
        vocabularySize: model.vocabularySize,
        text: (token) => loaded.detokenize([token as Token], true),
      },
      options.prefixToken,
    )
    return {
      scorer,
      tokenizer,
      evidence: model,
      settings,
      prefix,
      close: () =>
        scorer.close(async () => {
          await context.dispose()
          await loaded.dispose()
        }),
    }
  } catch (error) {
    await loaded.dispose()
    throw raise('out-of-memory', messageOf(error), { path: header.path }, error)
  }
}

async function importPackage(): Promise<typeof import('node-llama-cpp')> {
  try {
    return await import('node-llama-cpp')
  } catch (error) {
    throw raise('missing-package', `run: npm install node-llama-cpp@${PACKAGE_VERSION}`, undefined, error)
  }
}

/** The model's own tokenizer; bytes come from the file, since the interface gives tokens as text only. */
function publicTokenizer(
  loaded: LlamaModel,
  vocabularySize: number,
  bytesOf: (token: number) => Uint8Array,
): TextTokenizer {
  const tokenKind: TextTokenizer['tokenKind'] = (token) => {
    const attributes = loaded.getTokenAttributes(token as Token)
    if (attributes.control) return 'control'
    if (attributes.unknown) return 'unknown'
    if (attributes.unused) return 'unused'
    return attributes.byte ? 'byte' : 'ordinary'
  }
  return {
    vocabularySize,
    tokenize: (text) => (text === '' ? new Int32Array(0) : Int32Array.from(loaded.tokenize(text, false))),
    tokenBytes: (token) => (tokenKind(token) === 'control' ? new Uint8Array(0) : bytesOf(token)),
    tokenKind,
  }
}

class PublicScorer implements Scorer {
  readonly contextLength: number
  private readonly batchTokens: number
  private readonly sequence: LlamaContextSequence
  private readonly turns = new Turns()

  constructor(
    context: LlamaContext,
    private readonly tokenizer: TextTokenizer,
    { contextLength, batchTokens }: { readonly contextLength: number; readonly batchTokens: number },
  ) {
    this.sequence = context.getSequence()
    this.contextLength = contextLength
    this.batchTokens = batchTokens
  }

  score(requests: readonly ScoreRequest[], usage?: ScoreUsage): Promise<ScoreResult[]> {
    checkRequests(requests, this.contextLength, this.tokenizer.vocabularySize)
    return this.turns.run(async () => {
      const results = requests.map(({ tokens, from }) => new Float64Array(tokens.length - from))
      if (usage !== undefined) usage.naive += naiveTokens(requests)
      let held: Int32Array = new Int32Array(0)
      await this.sequence.clearHistory()
      for (const group of groupRequests(requests)) {
        const evaluated = await this.scoreGroup(requests, group, held, results)
        if (usage !== undefined) usage.evaluated += evaluated
        held = group.tokens
      }
      return results
    })
  }

  /** Evaluate a group's tokens after what the sequence still holds of them; returns how many were evaluated. */
  private async scoreGroup(
    requests: readonly ScoreRequest[],
    group: RequestGroup,
    held: Int32Array,
    results: readonly ScoreResult[],
  ): Promise<number> {
    const start = resumePoint(held, group, BATCH_MULTIPLE)
    if (start < held.length) {
      if (start === 0) await this.sequence.clearHistory()
      else await this.sequence.eraseContextTokenRanges([{ start, end: held.length }])
    }
    // Batch by batch, so that closing waits for one batch at most.
    for (const [from, to] of cutBatches(start, group.tokens.length, this.batchTokens, BATCH_MULTIPLE)) {
      this.turns.check()
      const chunk = group.tokens.subarray(from, to)
      const targets = Array.from(chunk, (_, i) => group.targetsAfter(requests, from + i))
      const outputs = await this.sequence.controlledEvaluate(
        Array.from(chunk, (token, i) =>
          targets[i]!.length === 0 ? (token as Token) : [token as Token, wanted(targets[i]!)],
        ),
      )
      targets.forEach((all, i) => {
        for (const { request, index, target } of all)
          results[request]![index] = logProbability(outputs[i]?.next, target)
      })
    }
    return group.tokens.length - start
  }

  generate(request: GenerateRequest): Promise<Completion> {
    checkRequests(
      [{ tokens: request.tokens, from: request.tokens.length }],
      this.contextLength,
      this.tokenizer.vocabularySize,
    )
    return this.turns.run(async () => {
      await this.sequence.clearHistory()
      const collector = createTextCollector(request.stop ?? [])
      const most = Math.min(request.maxTokens, this.contextLength - request.tokens.length)
      if (most > 0) {
        const input = Array.from(request.tokens, (token) => token as Token)
        const { temperature, seed } = request
        for await (const token of this.sequence.evaluate(input, {
          temperature,
          seed,
          topK: 0,
          topP: 1,
          minP: 0,
        })) {
          this.turns.check()
          if (collector.add(token, this.tokenizer.tokenBytes(token)) || collector.length >= most) break
        }
      }
      return collector.result()
    })
  }

  measureCost(prompt: Int32Array, decode: number): Promise<ScoreCost> {
    checkCost(prompt, decode, this.contextLength)
    return this.turns.run(async () => {
      await this.sequence.clearHistory()
      const timed = async (part: Int32Array) => {
        const input = Array.from(part, (token) => token as Token)
        const last = input.pop()!
        const start = performance.now()
        await this.sequence.controlledEvaluate([...input, [last, wanted([{ target: last }])]])
        return (performance.now() - start) / 1000
      }
      const prefillSeconds = await timed(prompt)
      const decodeSeconds: number[] = []
      for (let i = 0; i < decode; i++) decodeSeconds.push(await timed(prompt.subarray(0, 1)))
      return { prefillSeconds, decodeSeconds }
    })
  }

  /** Ends what runs at its next batch, then releases. */
  close(release: () => Promise<void>): Promise<void> {
    return this.turns.close(release)
  }
}

/**
 * Ask for the logits of the targets, the largest logit (greedy sampling selects it; `includeMax` of this version gives
 * it only when it is a target itself), and Σ exp(logit − largest).
 */
function wanted(targets: readonly { readonly target: number }[]) {
  return {
    generateNext: {
      token: true,
      totalLogitWeight: true,
      logits: { filter: { tokens: targets.map(({ target }) => target as Token), includeSelected: true } },
      options: { temperature: 0 },
    },
  }
}

/** logit(target) − largest logit − ln Σ exp(logit − largest). */
function logProbability(
  next: { readonly logits?: Map<Token, number>; readonly totalLogitWeight?: number } | undefined,
  target: number,
): number {
  const logits = next?.logits
  const value = logits?.get(target as Token)
  if (logits === undefined || value === undefined || next?.totalLogitWeight === undefined)
    throw raise('decode-failed', `no logit came back for token ${target}`)
  const largest = Math.max(...logits.values())
  const result = value - largest - Math.log(next.totalLogitWeight)
  if (!Number.isFinite(result)) throw raise('non-finite-logits', `for token ${target}`)
  return result
}
