import { COUNTERS } from '../../src/corpus/counters.js'
import { counterContract } from './counter.contract.js'

for (const id of Object.keys(COUNTERS) as (keyof typeof COUNTERS)[]) counterContract(id)
