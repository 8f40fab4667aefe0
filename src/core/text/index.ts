export * from './windows.js'
export * from './words.js'
