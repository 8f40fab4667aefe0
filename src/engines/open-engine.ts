import type { Engine } from '../core/index.js'
import { describeModel, sha256OfFile } from './gguf/evidence.js'
import { readGgufHeader } from './gguf/header.js'
import type { GpuChoice } from './llama-cpp/library.js'

export interface OpenEngineOptions {
  /** Default: all processors, one for a tiny model. */
  readonly threads?: number
  /** Default `off`: the CPU. */
  readonly gpu?: GpuChoice
  /** Longest sequence, tokens. Default: 2,048 or what the model was trained with, whichever is less. */
  readonly contextLength?: number
}

/**
 * Open a GGUF model file for scoring.
 *
 * @param path  a file; see resolveModel for other references
 * @throws {AssayError} `engines/…`: no such file, not a GGUF, truncated, unsupported, missing package, no memory
 */
export async function openEngine(path: string, options: OpenEngineOptions = {}): Promise<Engine> {
  const header = await readGgufHeader(path)
  const model = describeModel(header, await sha256OfFile(path))
  const { openNativeEngine } = await import('./llama-cpp/native-engine.js')
  return openNativeEngine(header, model, { ...options, gpu: options.gpu ?? 'off' })
}
