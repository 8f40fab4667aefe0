export type { ArmsOptions } from './arm-rows.js'
export type { ItemsOptions } from './item-row.js'
export { type PairOptions, readArms } from './read-arms.js'
export { expandItemPaths } from './read-items.js'
