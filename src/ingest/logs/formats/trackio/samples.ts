import { inflateSync } from 'node:zlib'
import type { LogSample } from '../samples.js'

/**
 * Written by SQLite, pages of 512 bytes: the table `metrics` with `{"train/loss": 6.5, "train/learning_rate": 0.001,
 * "note": "a"}` at step 0, 5.25 and 0.0005 at step 10, and at step 300 `{"eval/loss": 5.5, …}` with a note of 600
 * letters, which does not fit a page.
 */
const DATABASE =
  'eNrtVE1Lw0AQ3UnEj4pnD70MObX0w7VSQfFglCDFtGqNYEEoa10l0KRtdiuV0kMFD4J3/6NX/4C7NX5VsSfxoI/J7s683cfLLMnh' +
  'getLjuetKGASV4hBAMgmIiFqScgUeQN8kU+CQfINWBgtHghsqOHXsG9ML2YyUJPstMlFp6leuy54p8vDxnhqblcd23PQs7dcB8fI' +
  'VMgCnlVZemjDzGIyCdfPmgGXkd8Q8WR80IiLmEog+mdYqnjOjlPF/WqpbFdruOvU0D7y9koVdarsVLys2if9gAvJgjZ6zrGHlT31' +
  'HLmupqJuWNc2PjNC8var/HvixcGHE4m0vhuT3BG4hzU1/SpuLHOGrGSM236BFlZzdFmFR+n6KM6YH8qrnOiGgsschWzf4pesudRs' +
  'CWGtYzFfzKIVtiTXmdX7UegP4cSYVl5BTLaa6FsyUqU3qwXtNa5xFoV+eFGPmOSKpHlKaXFwAboTs8O5yfJj6qv578WX4zbpLjFr' +
  'oO8f4JGo+MffwDyYSYh/B6Yu9P7xR2ENngDEYMxd'

export const samples: readonly LogSample[] = [
  {
    name: 'a run',
    format: 'trackio',
    text: inflateSync(Buffer.from(DATABASE, 'base64')),
    columns: {
      step: [0, 10, 300],
      loss: [6.5, 5.25, null],
      learningRate: [0.001, 0.0005, null],
      validationLoss: [null, null, 5.5],
    },
  },
]
