import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import type { ColumnName } from '../../recorder/recorder.js'

const [TRAIN, VALID, LOSS] = ['(train) ', '(val) ', 'loss: '].map(key)
const EPOCH = key('Epoch(')
const OPEN = key('[')
const NEXT = key('][')
const SLASH = key('/')
const OTHERS: readonly (readonly [Uint8Array, ColumnName])[] = [
  [key(' lr: '), 'learningRate'],
  [key(' time: '), 'seconds'],
  [key(' grad_norm: '), 'gradNorm'],
]

/**
 * MMEngine and what is built on it (XTuner): `Iter(train) [  10/1000]  lr: 2e-4  eta: …  time: 2.9  loss: 3.0  grad_norm: 1.0`,
 * or `Epoch(train)  [2][  10/500]  …`, whose steps are counted on from epoch to epoch.
 */
const mmengine: LineFormat = {
  format: 'mmengine',
  pattern: /\b(?:Iter|Epoch)\(train\) +\[ *\d+(?:\]\[ *\d+)?\/ *\d+\].*\bloss: /gm,
  open(record) {
    let last = 0
    return {
      line(line) {
        const isTrain = line.find(TRAIN) >= 0
        const at = line.expect(OPEN, line.find(isTrain ? TRAIN : VALID))
        if (at < 0 || !line.read(at)) return false
        const isEpoch = line.find(EPOCH) >= 0
        const epoch = isEpoch ? line.value : 1
        if (isEpoch) {
          const inner = line.find(NEXT, line.next)
          if (inner < 0 || !line.read(inner)) return false
        }
        const done = line.value
        if (!line.standsAt(SLASH, line.next) || !line.read(line.next + 1)) return false
        const length = line.value
        if (!line.numberAfter(LOSS, line.next)) return false
        const value = line.value
        // An evaluation counts its own batches: it is of the step that was last trained.
        if (isTrain) last = (epoch - 1) * length + done
        record.row(last, line.number)
        record.put(isTrain ? 'loss' : 'validationLoss', value)
        if (!isTrain) return true
        if (!isEpoch) record.fact('plannedSteps', length)
        for (const [name, column] of OTHERS) if (line.numberAfter(name, at)) record.put(column, line.value)
        return true
      },
    }
  },
}

export const mmengineReader = lineLogReader(mmengine)
