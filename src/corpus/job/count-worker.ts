import { workerData } from 'node:worker_threads'
import { createEmbeddedCounter, type EmbeddedTables } from '../embedded/create.js'
import { gathererOf, loadGrouping } from './count-gatherer.js'
import type { Grouping } from './groups.js'
import { serveUnits, type WorkerSetup } from './serve-units.js'

/** The typed arrays of the tables lie on shared memory. */
interface Setup {
  readonly tables: EmbeddedTables
  readonly grouping: Grouping | undefined
}

await loadGrouping(((workerData as WorkerSetup).setup as Setup).grouping)
serveUnits<Setup>(({ tables, grouping }, thread) =>
  gathererOf(createEmbeddedCounter(tables, thread), tables.entities, grouping),
)
