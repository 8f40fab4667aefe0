export * from './clean-items.js'
export * from './min-k.js'
