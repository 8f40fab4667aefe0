export * from './levenberg-marquardt.js'
export * from './multi-start.js'
