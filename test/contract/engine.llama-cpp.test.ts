import { openEngine } from '../../src/engines/index.js'
import { testModel } from '../models/test-models.js'
import { engineContract } from './engine.contract.js'

const { path, skip } = testModel('smollm2')
// One thread: on a busy machine the library's threads wait for each other most of the time.
engineContract('llama-cpp/native', () => openEngine(path, { threads: 1, contextLength: 512 }), { skip })
engineContract(
  'llama-cpp/public',
  () => openEngine(path, { threads: 1, contextLength: 512, preferPublic: true }),
  {
    skip,
    tolerance: 1e-3,
  },
)
