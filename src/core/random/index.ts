export * from './random.js'
export * from './shuffled.js'
