export * from './levenberg-marquardt.js'
export * from './linear.js'
export * from './multi-start.js'
