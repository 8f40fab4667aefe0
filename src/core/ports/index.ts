export type * from './engine.js'
export type * from './evaluations-reader.js'
export type * from './log-reader.js'
