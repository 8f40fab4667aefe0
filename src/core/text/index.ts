export * from './continuation.js'
export * from './tsv.js'
export * from './windows.js'
export * from './words.js'
