export { type OpenEngineOptions, openEngine } from './open-engine.js'
export { openTokenizerJson } from './tokenizer-json/index.js'
