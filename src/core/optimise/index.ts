export * from './descend.js'
export * from './levenberg-marquardt.js'
export * from './multi-start.js'
