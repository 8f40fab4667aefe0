import { basename } from 'node:path'
import type { OpenedModel } from '../../core/index.js'
import type { OpenOptions } from '../engine.js'
import { raise } from '../errors.js'
import type { GgufFile } from '../gguf/open.js'
import { batchTokensFor, contextFor, workFor } from '../llama-cpp/defaults.js'
import { choosePrefix } from '../prefix-tokens.js'
import { DecoderGraph, type DecoderOptions } from './decoder-graph.js'
import type { ElementType, StoredWeights } from './graph.js'
import { Layout } from './layout.js'
import { OnnxScorer } from './onnx-scorer.js'
import { loadRuntime, openSession } from './runtime.js'

/** What single sums in another order move a log-probability by, nats. */
const DRIFT = 1e-4

/**
 * Open a converted checkpoint in ONNX Runtime: graphs written here, weights read from the GGUF in the cache.
 *
 * @throws {AssayError} `engines/library-failed` for what it cannot take, so that the next engine does; `bad-context`
 */
export async function openOnnx(
  { header, model, text, checkpoint }: GgufFile,
  options: OpenOptions,
): Promise<OpenedModel> {
  if (text === undefined || checkpoint === undefined) throw new TypeError('ONNX Runtime opens folders alone')
  if ((options.gpu ?? 'off') !== 'off') throw raise('library-failed', 'ONNX Runtime is used on the CPU alone')
  const { conversion, config } = checkpoint
  const tensors = header.tensors.map(({ name, shape, type, offset, bytes }): [string, StoredWeights] => [
    name,
    { shape: shape.toReversed(), type: type as ElementType, offset, bytes },
  ])
  const tables = conversion.tensors.flatMap((tensor): [string, Float32Array][] =>
    'values' in tensor ? [[tensor.name, tensor.values]] : [],
  )
  const layout = new Layout(conversion.metadata, new Map(tensors), new Map(tables))
  const graph = new DecoderGraph(layout, decoderOptions(config, layout), basename(header.path))
  const runtime = await loadRuntime()
  const contextLength = contextFor(model, options.contextLength)
  const { threads, lanes, threadsEach } = workFor(model, options)
  const body = await openSession(runtime, graph.body(), header.path, threadsEach)
  const head = await openSession(runtime, graph.head(), header.path, threadsEach)
  const { vocabularySize } = model
  const headRows = batchTokensFor(vocabularySize)
  const scorer = new OnnxScorer(runtime, graph, body, head, {
    name: model.name,
    vocabularySize,
    contextLength,
    headRows,
    lanes,
    bytes: (token) => text.tokenizer.tokenBytes(token),
    isEnd: (token) => text.ends.has(token),
  })
  return {
    scorer,
    tokenizer: text.tokenizer,
    evidence: model,
    settings: {
      engine: 'onnx-runtime',
      version: runtime.env.versions.node ?? 'unknown',
      threads,
      gpu: 'cpu',
      flashAttention: false,
      cacheType: 'F32',
      batchTokens: headRows,
    },
    prefix: choosePrefix({ ...text.special, vocabularySize }, options.prefixToken),
    drift: DRIFT,
    close: () => scorer.close(),
  }
}

function decoderOptions(
  config: {
    text(...keys: string[]): string | undefined
    optionalReal(...keys: string[]): number | undefined
  },
  { architecture }: Layout,
): DecoderOptions {
  return {
    exactGelu: architecture === 'gptneox' && (config.text('hidden_act') ?? 'gelu') === 'gelu',
    queryScale:
      config.optionalReal('query_pre_attn_scalar') ?? (architecture.startsWith('gemma') ? 256 : undefined),
  }
}
