export * from './chance-level.js'
