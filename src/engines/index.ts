export { type OpenEngineOptions, openEngine } from './open-engine.js'
export { defaultCacheDir, type ResolveOptions, resolveModel } from './resolve/resolve-model.js'
export { openTokenizerJson } from './tokenizer-json/index.js'
