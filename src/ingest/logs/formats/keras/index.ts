import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const EPOCH = key('Epoch ')
const SLASH = key('/')
const LOSSES = [
  [key(' - loss: '), 'loss'],
  [key(' - val_loss: '), 'validationLoss'],
] as const

/**
 * Keras on the terminal: `Epoch 3/12`, then a bar a batch, of which the last sums the epoch up:
 * `1250/1250 [====] - 94s 75ms/step - loss: 4.43 - val_loss: 4.39` (Keras 3: `━━━━ 94s 75ms/step - loss: …`). Steps are
 * batches.
 */
const keras: LineFormat = {
  format: 'keras',
  pattern: /^(\d+)\/\1 (?:\[=+\]|━+|-) .*\bloss: [\d.na]/gm,
  open(record) {
    let epoch = 0
    let epochs = 0
    return {
      line(line) {
        const named = line.expect(EPOCH)
        if (named >= 0 && line.read(named) && line.standsAt(SLASH, line.next)) {
          epoch = line.value
          epochs = line.read(line.next + 1) ? line.value : 0
          return true
        }
        if (!line.read(line.from)) return false
        const done = line.value
        if (!line.standsAt(SLASH, line.next) || !line.read(line.next + 1) || line.value !== done) return false
        const found = LOSSES.filter(([name]) => line.numberAfter(name))
        if (found.length === 0) return false
        record.row(Math.max(1, epoch) * done, line.number)
        if (epochs > 0) record.fact('plannedSteps', epochs * done)
        for (const [name, column] of found) if (line.numberAfter(name)) record.put(column, line.value)
        return true
      },
    }
  },
}

export const kerasReader = lineLogReader(keras)
