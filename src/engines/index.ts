export { openTokenizerJson } from './tokenizer-json/index.js'
