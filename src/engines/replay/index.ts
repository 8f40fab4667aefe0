import type { Engine } from '../engine.js'
import { RECORDING_EXTENSION } from './recording.js'

/** Recorded answers, no model. */
export const replayEngine: Engine = {
  id: 'replay',
  opens: `a ${RECORDING_EXTENSION} file that record() made`,
  tolerance: 0,
  claims: (location) =>
    location.kind === 'file' && location.path.endsWith(RECORDING_EXTENSION) ? 'made for it' : null,
  async open(location) {
    const { openRecording } = await import('./replay.js')
    return openRecording(location)
  },
}
