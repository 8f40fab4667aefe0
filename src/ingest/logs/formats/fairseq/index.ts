import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import type { ColumnName } from '../../recorder/recorder.js'

/** fairseq divides its losses by ln 2. */
const NATS = Math.LN2
const TRAIN = key('train_inner')
const EPOCH = key('epoch ')
/** Lines of 2019 are tables of an epoch. */
const TABLE = key('| epoch ')
const SLASH = key(' / ')
const VALID = [key('valid | '), key('[valid]'), key("valid on '")]
/** Old versions write `name=`, newer ones JSON, in a table of the validation `| name `. */
const STYLES: readonly (readonly [string, string])[] = [
  ['"', '": "'],
  ['"', '": '],
  [' ', '='],
  ['| ', ' '],
]
const named = (name: string): readonly Uint8Array[] =>
  STYLES.map(([before, behind]) => key(before + name + behind))
const UPDATES = named('num_updates')
const VALID_UPDATES = [...named('valid_num_updates'), ...UPDATES]
const TRAIN_LOSSES = [...named('nll_loss'), ...named('loss')]
const VALID_LOSSES = [
  ...named('valid_nll_loss'),
  ...named('nll_loss'),
  ...named('valid_loss'),
  ...named('loss'),
]
const TABLE_LOSSES = named('loss')
const OTHERS: readonly (readonly [readonly Uint8Array[], ColumnName])[] = [
  [named('lr'), 'learningRate'],
  [named('gnorm'), 'gradNorm'],
  [named('loss_scale'), 'lossScale'],
]

function find(line: LogLine, names: readonly Uint8Array[]): boolean {
  return names.some((name) => line.numberAfter(name))
}

/**
 * fairseq and metaseq: `… | train_inner | {"loss": "8.2", "num_updates": "100", …}` or
 * `epoch 001:    100 / 5000 loss=8.2, …, num_updates=100, lr=…, gnorm=…`, and the like behind `valid`; in 2019
 * `| epoch 001 | loss 8.2 | … | num_updates 100 | …`, which counts where no lines of the epoch's inside are there. The losses
 * are in bits and are given in nats; with label smoothing `nll_loss` is the one without it (the tables of 2019 give the loss
 * that was trained on).
 */
const fairseq: LineFormat = {
  format: 'fairseq',
  pattern:
    /\btrain_inner\b.*\bnum_updates\b|\bepoch \d+: +\d+ \/ \d+ loss=.*\bnum_updates=|^\| epoch \d+ \| .*\bloss \d.*\| num_updates \d/gm,
  open(record) {
    let hasInner = false
    return {
      line(line) {
        const isTable = line.standsAt(TABLE, line.skipBlanks(line.from))
        const isValid = VALID.some((mark) => line.find(mark) >= 0)
        const epoch = isValid ? -1 : line.find(EPOCH)
        const isInner = !isValid && (line.find(TRAIN) >= 0 || (epoch >= 0 && line.find(SLASH, epoch) >= 0))
        hasInner ||= isInner
        const isTrain = isInner || (isTable && !isValid && !hasInner)
        if (!isValid && !isTrain) return false
        if (!find(line, isValid ? VALID_UPDATES : UPDATES)) return false
        const step = line.value
        const losses = isTable && !isInner ? TABLE_LOSSES : isValid ? VALID_LOSSES : TRAIN_LOSSES
        if (!find(line, losses)) return false
        record.row(step, line.number)
        record.put(isValid ? 'validationLoss' : 'loss', line.value * NATS)
        if (isTrain)
          for (const [names, column] of OTHERS) if (find(line, names)) record.put(column, line.value)
        return true
      },
    }
  },
}

export const fairseqReader = lineLogReader(fairseq)
