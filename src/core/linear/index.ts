export * from './bounded.js'
export * from './cholesky.js'
export * from './least-squares.js'
export * from './triangle.js'
