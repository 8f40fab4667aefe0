import type { EngineSettings, OpenedModel } from '../../core/index.js'
import type { OpenOptions } from '../engine.js'
import { raise } from '../errors.js'
import { specialTokenIds } from '../gguf/header.js'
import type { GgufFile } from '../gguf/open.js'
import { choosePrefix } from '../prefix-tokens.js'
import { type Llama, loadLlama, type Pointer } from './bindings.js'
import { batchTokensFor, cacheTypeFor, contextFor, workFor } from './defaults.js'
import { locateLibrary, PACKAGE_VERSION } from './library.js'
import { NativeScorer } from './native-scorer.js'
import { lastLines, Session } from './session.js'
import { BATCH_MULTIPLE } from './steps.js'
import { Vocabulary } from './vocabulary.js'

/** Nats; largest seen .2 (docs/decisions/0063), with room for other quantisations. */
const PACKED_DRIFT = 0.5
/** One for each level of shared prefixes, one for padding. */
const SEQUENCES = 16
/** One for each branch of a packed batch besides. */
const PACKED_SEQUENCES = 128

/**
 * Open a model through llama.cpp's C interface.
 *
 * @throws {AssayError} what {@link locateLibrary} and the loading of the library throw; `engines/unsupported-model`
 *   with the library's last words when it refuses the file; `engines/out-of-memory`.
 */
export async function openNativeEngine(
  { header, model, text }: GgufFile,
  options: OpenOptions,
): Promise<OpenedModel> {
  const library = locateLibrary(options.gpu ?? 'off')
  const llama = loadLlama(library)
  const onGpu = library.gpu !== 'cpu'
  const contextLength = contextFor(model, options.contextLength)
  const { threads, ...work } = workFor(model, options)
  const handle = await loadModel(llama, header.path, onGpu)
  const sessions: Session[] = []
  try {
    const vocabulary = new Vocabulary(llama, llama.vocabulary(handle))
    const batchTokens = batchTokensFor(vocabulary.vocabularySize)
    // Recurrent models hold a whole state for every sequence: they branch one after the other.
    const keepsStates = llama.isRecurrent(handle) || llama.isHybrid(handle)
    const packBranches = options.packBranches === true && !keepsStates
    const cacheType = cacheTypeFor(model)
    const { lanes, threadsEach } = onGpu ? { lanes: 1, threadsEach: threads } : work
    // The library cuts a batch to the cells, and aborts the process where it has not a token for each sequence.
    const sequences = packBranches ? Math.min(PACKED_SEQUENCES, batchTokens) : SEQUENCES
    const size = {
      batchTokens,
      cells: Math.max(contextLength + BATCH_MULTIPLE + (packBranches ? batchTokens : 0), sequences),
      sequences,
      threads: threadsEach,
      onGpu,
      singleCache: cacheType === 'F32',
    }
    while (sessions.length < lanes)
      sessions.push(await Session.open(llama, handle, vocabulary.vocabularySize, size))
    const { vocabularySize } = vocabulary
    const special = text?.special ?? {
      ...specialTokenIds(header),
      addsBos: vocabulary.addsBos,
      text: (token: number) => vocabulary.text(token),
    }
    const prefix = choosePrefix({ ...special, vocabularySize }, options.prefixToken)
    const settings: EngineSettings = {
      engine: packBranches ? 'llama-cpp/native-packed' : 'llama-cpp/native',
      version: PACKAGE_VERSION,
      threads,
      gpu: library.gpu,
      flashAttention: false,
      cacheType,
      batchTokens,
    }
    const tokenizer = text?.tokenizer ?? vocabulary
    const scorer = new NativeScorer(sessions, {
      name: model.name,
      vocabularySize,
      bytes: (token) => tokenizer.tokenBytes(token),
      isEnd: (token) => text?.ends.has(token) ?? vocabulary.isEndOfGeneration(token),
      contextLength,
      batchTokens,
      packBranches,
      holdsPrefixes: !keepsStates,
    })
    let closing: Promise<void> | null = null
    return {
      scorer,
      tokenizer,
      evidence: model,
      settings,
      prefix,
      ...(packBranches && { drift: PACKED_DRIFT }),
      close() {
        closing ??= scorer.close().then(() => llama.freeModel(handle))
        return closing
      },
    }
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
