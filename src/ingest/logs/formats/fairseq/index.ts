import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import type { ColumnName } from '../../recorder/recorder.js'

/** fairseq divides its losses by ln 2. */
const NATS = Math.LN2
const TRAIN = [key('train_inner'), key('"update": ')]
const EPOCH = key('epoch ')
const COLON = key(':')
const VALID = [key('valid | '), key('[valid]'), key("valid on '"), key('valid_loss')]
/** Old versions write `name=`, newer ones JSON, in a table of the validation `| name `. */
const STYLES: readonly (readonly [string, string])[] = [
  ['"', '": "'],
  ['"', '": '],
  [' ', '='],
  ['| ', ' '],
]
const named = (name: string): readonly Uint8Array[] =>
  STYLES.map(([before, behind]) => key(before + name + behind))
const UPDATES = ['num_updates', 'train_num_updates', 'valid_num_updates'].flatMap(named)
const LOSS = ['loss', 'train_loss', 'valid_loss'].flatMap(named)
const LOSSES = [...['nll_loss', 'train_nll_loss', 'valid_nll_loss'].flatMap(named), ...LOSS]
const OTHERS: readonly (readonly [readonly Uint8Array[], ColumnName])[] = [
  [['lr', 'train_lr'].flatMap(named), 'learningRate'],
  [['gnorm', 'train_gnorm'].flatMap(named), 'gradNorm'],
  [named('loss_scale'), 'lossScale'],
]

function find(line: LogLine, names: readonly Uint8Array[]): boolean {
  return names.some((name) => line.numberAfter(name))
}

/**
 * fairseq and metaseq: `… | train_inner | {"loss": "8.2", "num_updates": "100", …}` (or the dict alone) or
 * `epoch 001:    100 / 5000 loss=8.2, …, num_updates=100, lr=…, gnorm=…`, and the like behind `valid`; sums of an epoch
 * (`| epoch 001 | loss 8.2 | … | num_updates 100 | …`, `| train | {"train_loss": …}`) count where no lines of its inside
 * are there. The losses are in bits and are given in nats; with label smoothing `nll_loss` is the one without it (tables of
 * an epoch give the loss that was trained on).
 */
const fairseq: LineFormat = {
  format: 'fairseq',
  // Its dicts are JSON Lines, too, and would be read in bits.
  weight: 1.7,
  pattern:
    /\btrain_inner\b.*\bnum_updates\b|\bepoch \d+: .*\bloss=.*\bnum_updates=|^(?:\| |train \| |.* \| )?epoch \d+ \| .*loss \d.*num_updates \d|"train_loss": .*"train_num_updates": |^\{"epoch": \d+, "update": .*"num_updates": /gm,
  open(record) {
    let hasInner = false
    return {
      line(line) {
        const isValid = VALID.some((mark) => line.find(mark) >= 0)
        const epoch = isValid ? -1 : line.find(EPOCH)
        const isTable = epoch >= 0 && !(line.read(epoch) && line.standsAt(COLON, line.next))
        const isInner = !isValid && ((epoch >= 0 && !isTable) || TRAIN.some((mark) => line.find(mark) >= 0))
        hasInner ||= isInner
        if (!isValid && !isInner && hasInner) return false
        if (!find(line, UPDATES)) return false
        const step = line.value
        const byEpoch = isTable || (isValid && line.find(EPOCH) >= 0)
        if (!find(line, byEpoch ? LOSS : LOSSES)) return false
        record.row(step, line.number)
        record.put(isValid ? 'validationLoss' : 'loss', line.value * NATS)
        if (!isValid)
          for (const [names, column] of OTHERS) if (find(line, names)) record.put(column, line.value)
        return true
      },
    }
  },
}

export const fairseqReader = lineLogReader(fairseq)
