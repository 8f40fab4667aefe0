import type { ItemsFormat } from '../item-row.js'
import { helmInstances } from './helm-instances/index.js'
import { inspectSamples } from './inspect/index.js'
import { lightevalDetails } from './lighteval-details/index.js'
import { lmEvalSamples } from './lm-eval-samples/index.js'
import { tidyItems } from './tidy/index.js'

/** Every format of results item by item; the first that recognises a file reads it. */
export const ITEMS_FORMATS: readonly ItemsFormat[] = [
  lmEvalSamples,
  lightevalDetails,
  inspectSamples,
  helmInstances,
  tidyItems,
]
