import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const EPOCH = key('Epoch ')
const SLASH = key('/')
const [UNKNOWN, A_SAMPLE, SECONDS, DASH] = ['Unknown', '/sample - ', 's - ', '- '].map(key)
const LOSSES = [
  [key(' - loss: '), 'loss'],
  [key(' - val_loss: '), 'validationLoss'],
] as const
const RATES = [key(' - lr: '), key(' - learning_rate: ')]

/**
 * Keras on the terminal: `Epoch 3/12`, then a bar a batch, of which the last sums the epoch up:
 * `1250/1250 [====] - 94s 75ms/step - loss: 4.43 - val_loss: 4.39` (Keras 3: `━━━━ 94s 75ms/step - loss: …`; in the first
 * epoch of unknown length `1250/Unknown`; old ones without a bar: `94s - loss: …`). Steps are batches; epochs where the
 * lines count none, or count samples.
 */
const keras: LineFormat = {
  format: 'keras',
  pattern:
    /^(?:(\d+)\/(?:\1|Unknown) .*|(?:- )?\d+s )- (?:.* - )?loss: [\d.na]|^(\d+)\/\2 [^\n -~]+ .*\bloss: [\d.na]/gm,
  open(record) {
    let epoch = 0
    let epochs = 0
    /** The latest bar of an epoch: the last one sums it up, of a length that was not known before, too. */
    let bar: (() => void) | undefined
    const release = (): void => {
      bar?.()
      bar = undefined
      record.held = 0
    }
    return {
      line(line) {
        const named = line.expect(EPOCH)
        if (named >= 0 && line.read(named) && line.standsAt(SLASH, line.next)) {
          release()
          epoch = line.value
          epochs = line.read(line.next + 1) ? line.value : 0
          return true
        }
        if (!line.read(Math.max(line.from, line.expect(DASH)))) return false
        const done = line.value
        const isBar = line.standsAt(SLASH, line.next)
        const isWhole = isBar
          ? line.standsAt(UNKNOWN, line.next + 1) || (line.read(line.next + 1) && line.value === done)
          : line.standsAt(SECONDS, line.next)
        if (!isWhole) return false
        const length = isBar && line.find(A_SAMPLE) < 0 ? done : 1
        const values = LOSSES.flatMap(([name, column]) =>
          line.numberAfter(name) ? [[column, line.value] as const] : [],
        )
        if (values.length === 0) return false
        const rate = RATES.find((name) => line.numberAfter(name)) === undefined ? undefined : line.value
        const { number } = line
        bar = () => {
          record.row(Math.max(1, epoch) * length, number)
          if (epochs > 0) record.fact('plannedSteps', epochs * length)
          for (const [column, value] of values) record.put(column, value)
          if (rate !== undefined) record.put('learningRate', rate)
        }
        record.held = 1
        if (epoch === 0) release()
        return true
      },
      end: release,
    }
  },
}

export const kerasReader = lineLogReader(keras)
