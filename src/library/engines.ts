/** Open a model that gives log-probabilities of given tokens, or a tokenizer alone. */
export type {
  DownloadProgress,
  Fetch,
  GpuChoice,
  OpenEngineOptions,
  Recording,
  ResolveOptions,
} from '../engines/index.js'
export {
  defaultCacheDir,
  openEngine,
  openTokenizerJson,
  parseRecording,
  record,
  replay,
  resolveModel,
} from '../engines/index.js'
