/** Open a model that gives log-probabilities of given tokens, or a tokenizer alone. */
export type {
  DownloadProgress,
  Fetch,
  GpuChoice,
  ModelLocation,
  OpenEngineOptions,
  OpenOptions,
  Recording,
  ResolveOptions,
} from '../engines/index.js'
export {
  defaultCacheDir,
  openEngine,
  openTokenizerJson,
  record,
  resolveModel,
  useProxyOf,
} from '../engines/index.js'
