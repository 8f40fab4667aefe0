import type { Engine } from './engine.js'
import { llamaCpp } from './llama-cpp/index.js'
import { llamaCppPublic } from './llama-cpp-public/index.js'
import { onnxRuntime } from './onnx-runtime/index.js'
import { openAiCompatible } from './openai-compatible/index.js'
import { replayEngine } from './replay/index.js'

/** Every engine, in the order in which equal claims are tried. An engine is one folder and one line here. */
export const ENGINES: readonly Engine[] = [
  onnxRuntime,
  llamaCpp,
  llamaCppPublic,
  openAiCompatible,
  replayEngine,
]
