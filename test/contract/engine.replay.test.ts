import { record } from '../../src/engines/replay/record.js'
import { parseRecording, replay } from '../../src/engines/replay/replay.js'
import { openByteEngine } from './engine.byte-engine.js'
import { ENGINE_CHECKS, engineContract } from './engine.contract.js'

engineContract('bytes', async () => openByteEngine())

engineContract('replay', async () => {
  const { engine, recording } = record(openByteEngine())
  for (const check of ENGINE_CHECKS) await check.run(engine, 0)
  return replay(parseRecording(JSON.stringify(recording()), 'memory'))
})
