export * from './min-k.js'
