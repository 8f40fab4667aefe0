export type { Decisions } from './decision-accuracy.js'
export { equalRange } from './equal-range.js'
export { FEWEST_MODELS, type ItemQuality, itemQuality } from './items.js'
export { LAST_CHECKPOINTS, type TaskSignal, type TaskSignalOptions, taskSignals } from './task-signal.js'
