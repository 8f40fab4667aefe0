import { createEmbeddedCounter, type EmbeddedTables } from '../embedded/create.js'
import { gathererOf } from './counts.js'
import { serveUnits } from './serve-units.js'

// The typed arrays of the tables lie on shared memory.
serveUnits<EmbeddedTables>((tables, thread) => gathererOf(createEmbeddedCounter(tables, thread)))
