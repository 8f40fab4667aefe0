export type * from './fact.js'
export { leakIn } from './leaks.js'
export { holdsName, objectNames } from './names.js'
