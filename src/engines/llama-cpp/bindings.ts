import koffi from 'koffi'
import { messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'
import {
  Batch,
  ContextParams,
  LLAMA_CPP_RELEASE,
  layoutProblem,
  ModelParams,
  type StructValue,
} from './layouts.js'
import type { LlamaLibrary } from './library.js'

/** An address in the library's memory. */
export type Pointer = bigint

/** llama_batch with every array in native memory. */
export interface NativeBatch {
  n_tokens: number
  readonly token: Pointer
  readonly embd: null
  readonly pos: Pointer
  readonly n_seq_id: Pointer
  readonly seq_id: Pointer
  readonly logits: Pointer
}

/** The functions of libllama that the engine calls; `Async` ones run on a thread of koffi's pool. */
export interface Llama {
  readonly modelDefaults: () => StructValue
  readonly contextDefaults: () => StructValue
  loadModelAsync(path: string, params: StructValue): Promise<Pointer | null>
  createContextAsync(model: Pointer, params: StructValue): Promise<Pointer | null>
  decodeAsync(context: Pointer, batch: NativeBatch): Promise<number>
  readonly freeModel: (model: Pointer) => void
  readonly freeContext: (context: Pointer) => void
  readonly memory: (context: Pointer) => Pointer
  readonly memoryClear: (memory: Pointer, data: boolean) => void
  readonly sequenceCopy: (memory: Pointer, from: number, to: number, p0: number, p1: number) => void
  readonly sequenceRemove: (memory: Pointer, sequence: number, p0: number, p1: number) => boolean
  readonly logits: (context: Pointer) => Pointer | null
  readonly vocabulary: (model: Pointer) => Pointer
  readonly vocabularySize: (vocabulary: Pointer) => number
  readonly tokenAttributes: (vocabulary: Pointer, token: number) => number
  readonly bos: (vocabulary: Pointer) => number
  readonly eos: (vocabulary: Pointer) => number
  readonly isEndOfGeneration: (vocabulary: Pointer, token: number) => boolean
  /** Whether the tokenizer puts BOS before a text by itself. */
  readonly addsBos: (vocabulary: Pointer) => boolean
  readonly tokenize: (
    vocabulary: Pointer,
    text: Uint8Array,
    length: number,
    tokens: Int32Array,
    capacity: number,
    addSpecial: boolean,
    parseSpecial: boolean,
  ) => number
  readonly tokenToPiece: (
    vocabulary: Pointer,
    token: number,
    buffer: Uint8Array,
    length: number,
    lstrip: number,
    special: boolean,
  ) => number
  readonly hasEncoder: (model: Pointer) => boolean
  readonly hasDecoder: (model: Pointer) => boolean
  readonly isRecurrent: (model: Pointer) => boolean
  readonly isHybrid: (model: Pointer) => boolean
  readonly isDiffusion: (model: Pointer) => boolean
  /** Run `work` while the library's log goes to `onText`; otherwise it goes nowhere. */
  withLog<T>(onText: (text: string) => void, work: () => Promise<T>): Promise<T>
}

/**
 * koffi runs native code on stacks of its own. Tokenizers that fall back to std::regex recurse once a
 * character, so the default 128 kiB of asynchronous calls would not do for loading, nor 2 MiB for long texts.
 */
const STACK_BYTES = 16 * 1024 * 1024

const LogCallback = koffi.proto('assay_log_callback', 'void', ['int32_t', 'str', 'void *'])

/** Promise form of koffi's callback-style asynchronous call. */
function asyncForm<Arguments extends readonly unknown[], Result>(call: {
  async: (...all: unknown[]) => void
}): (...args: Arguments) => Promise<Result> {
  return (...args) =>
    new Promise((resolve, reject) => {
      call.async(...args, (error: unknown, result: Result) =>
        error === null || error === undefined ? resolve(result) : reject(error),
      )
    })
}

let loaded: { readonly key: string; readonly llama: Llama } | null = null

/**
 * Load the library into the process (once) and check that its structs are the ones we know.
 *
 * @throws {AssayError} `engines/library-failed` when it does not load or its layout differs.
 */
export function loadLlama(library: LlamaLibrary): Llama {
  const key = library.files.join('\n')
  if (loaded !== null && loaded.key === key) return loaded.llama
  if (loaded !== null)
    throw raise('library-failed', 'another build of llama.cpp is already loaded in this process', {
      path: library.files[2],
    })
  try {
    const llama = bind(library)
    loaded = { key, llama }
    return llama
  } catch (error) {
    if (error instanceof Error && error.name === 'AssayError') throw error
    throw raise('library-failed', messageOf(error), { path: library.files[2] }, error)
  }
}

function bind(library: LlamaLibrary): Llama {
  koffi.config({ sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES, resident_async_pools: 1 })
  koffi.load(library.files[0])
  const ggml = koffi.load(library.files[1])
  const lib = koffi.load(library.files[2])

  const modelDefaults: Llama['modelDefaults'] = lib.func('llama_model_default_params', ModelParams, [])
  const contextDefaults: Llama['contextDefaults'] = lib.func(
    'llama_context_default_params',
    ContextParams,
    [],
  )
  const problem = layoutProblem(modelDefaults(), contextDefaults())
  if (problem !== null)
    throw raise('library-failed', `its structs are not those of llama.cpp ${LLAMA_CPP_RELEASE}: ${problem}`, {
      path: library.files[2],
    })

  // The log callback may be called from any thread at any time. Outside `withLog` it is therefore a native
  // function that takes no arguments and does nothing: handing it three is harmless in the C calling convention.
  const setLog: (callback: unknown, data: null) => void = lib.func('llama_log_set', 'void', [
    'void *',
    'void *',
  ])
  const silence = lib.symbol('llama_supports_mmap')
  setLog(silence, null)

  const registered: () => number = ggml.func('ggml_backend_reg_count', 'size_t', [])
  const register: (folder: string) => void = ggml.func('ggml_backend_load_all_from_path', 'void', ['str'])
  if (registered() === 0) for (const folder of library.backendFolders) register(folder)
  lib.func('llama_backend_init', 'void', [])()

  return {
    modelDefaults,
    contextDefaults,
    loadModelAsync: asyncForm(lib.func('llama_model_load_from_file', 'void *', ['str', ModelParams])),
    createContextAsync: asyncForm(lib.func('llama_init_from_model', 'void *', ['void *', ContextParams])),
    decodeAsync: asyncForm(lib.func('llama_decode', 'int32_t', ['void *', Batch])),
    freeModel: lib.func('llama_model_free', 'void', ['void *']),
    freeContext: lib.func('llama_free', 'void', ['void *']),
    memory: lib.func('llama_get_memory', 'void *', ['void *']),
    memoryClear: lib.func('llama_memory_clear', 'void', ['void *', 'bool']),
    sequenceCopy: lib.func('llama_memory_seq_cp', 'void', [
      'void *',
      'int32_t',
      'int32_t',
      'int32_t',
      'int32_t',
    ]),
    sequenceRemove: lib.func('llama_memory_seq_rm', 'bool', ['void *', 'int32_t', 'int32_t', 'int32_t']),
    logits: lib.func('llama_get_logits', 'void *', ['void *']),
    vocabulary: lib.func('llama_model_get_vocab', 'void *', ['void *']),
    vocabularySize: lib.func('llama_vocab_n_tokens', 'int32_t', ['void *']),
    tokenAttributes: lib.func('llama_vocab_get_attr', 'int32_t', ['void *', 'int32_t']),
    bos: lib.func('llama_vocab_bos', 'int32_t', ['void *']),
    eos: lib.func('llama_vocab_eos', 'int32_t', ['void *']),
    addsBos: lib.func('llama_vocab_get_add_bos', 'bool', ['void *']),
    isEndOfGeneration: lib.func('llama_vocab_is_eog', 'bool', ['void *', 'int32_t']),
    tokenize: lib.func('llama_tokenize', 'int32_t', [
      'void *',
      'void *',
      'int32_t',
      '_Out_ void *',
      'int32_t',
      'bool',
      'bool',
    ]),
    tokenToPiece: lib.func('llama_token_to_piece', 'int32_t', [
      'void *',
      'int32_t',
      '_Out_ void *',
      'int32_t',
      'int32_t',
      'bool',
    ]),
    hasEncoder: lib.func('llama_model_has_encoder', 'bool', ['void *']),
    hasDecoder: lib.func('llama_model_has_decoder', 'bool', ['void *']),
    isRecurrent: lib.func('llama_model_is_recurrent', 'bool', ['void *']),
    isHybrid: lib.func('llama_model_is_hybrid', 'bool', ['void *']),
    isDiffusion: lib.func('llama_model_is_diffusion', 'bool', ['void *']),
    async withLog(onText, work) {
      const callback = koffi.register(
        (_level: number, text: string | null) => onText(text ?? ''),
        koffi.pointer(LogCallback),
      )
      setLog(callback, null)
      try {
        return await work()
      } finally {
        setLog(silence, null)
        koffi.unregister(callback)
      }
    },
  }
}
