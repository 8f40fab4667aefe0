import { serveUnits } from '../job/serve-units.js'
import type { ItemIndex } from './index-items.js'
import { ItemMatcher } from './matcher.js'

// The typed arrays of the index lie on shared memory.
serveUnits<ItemIndex>((index) => new ItemMatcher(index))
