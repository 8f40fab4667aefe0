import { AssayError, type Engine } from '../core/index.js'
import { describeModel, sha256OfFile } from './gguf/evidence.js'
import { readGgufHeader } from './gguf/header.js'
import type { GpuChoice } from './llama-cpp/library.js'

/** How a model is opened; every field may be left out. */
export interface OpenEngineOptions {
  /** Default: all processors, one for a tiny model. */
  readonly threads?: number
  /** Default `off`: the CPU. */
  readonly gpu?: GpuChoice
  /** Longest sequence, tokens. Default: 2,048 or what the model was trained with, whichever is less. */
  readonly contextLength?: number
  /** Evaluate short branches side by side: many times faster for ranking; see llama-cpp/packed-plan.ts for the price. */
  readonly packBranches?: boolean
  /**
   * Serve calls side by side, each with threads of its own, instead of one call with all threads: for many small
   * requests, whose threads would mostly wait for one another. The numbers are the same.
   */
  readonly sideBySide?: boolean
  /** Use node-llama-cpp's public interface even where the native one would do. */
  readonly preferPublic?: boolean
  /** Told when the native engine cannot be used and the public one stands in. */
  note?(text: string): void
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
  const settings = { ...options, gpu: options.gpu ?? 'off' }
  if (!options.preferPublic) {
    try {
      const { openNativeEngine } = await import('./llama-cpp/native-engine.js')
      return await openNativeEngine(header, model, settings)
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== 'engines/library-failed') throw error
      options.note?.(
        `The native engine cannot be used (${error.message}); node-llama-cpp's public interface is used instead.`,
      )
    }
  }
  const { openPublicEngine } = await import('./llama-cpp-public/public-engine.js')
  return openPublicEngine(header, model, settings)
}
