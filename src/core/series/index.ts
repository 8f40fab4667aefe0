export * from './block-medians.js'
export * from './curve.js'
export * from './downsample.js'
export * from './index-at.js'
