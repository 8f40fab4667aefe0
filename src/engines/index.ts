export type { GpuChoice } from './llama-cpp/library.js'
export { type OpenEngineOptions, openEngine } from './open-engine.js'
export { record } from './replay/record.js'
export type { Recording } from './replay/recording.js'
export { parseRecording, replay } from './replay/replay.js'
export type { Fetch } from './resolve/remote.js'
export {
  type DownloadProgress,
  defaultCacheDir,
  type ResolveOptions,
  resolveModel,
} from './resolve/resolve-model.js'
export { openTokenizerJson } from './tokenizer-json/index.js'
