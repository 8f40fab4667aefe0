import { key } from './line.js'
import { type LineFormat, lineLogReader } from './line-reader.js'

const ITER = key('iter ')
const STEP = key('step ')
const LOSS = key(': loss ')
const TIME = key('time ')
const TRAIN = key(': train loss ')
const VALIDATION = key('val loss ')

/** Karpathy's nanoGPT: `iter N: loss x, time yms, mfu z%` and `step N: train loss a, val loss b`. */
const nanogpt: LineFormat = {
  format: 'nanogpt',
  pattern: /^.{0,40}?(?:iter \d+: loss \S+, time |step \d+: train loss \S+, val loss )/gm,
  open: (record) => ({
    line(line) {
      const iter = line.find(ITER)
      if (iter >= 0 && line.read(iter)) {
        const step = line.value
        const loss = line.find(LOSS, line.next)
        if (loss < 0 || !line.read(loss)) return false
        record.row(step, line.number)
        record.put('loss', line.value)
        if (line.numberAfter(TIME, line.next)) record.put('seconds', line.value / 1000)
        return true
      }
      const at = line.find(STEP)
      if (at < 0 || !line.read(at)) return false
      const step = line.value
      const train = line.find(TRAIN, line.next)
      if (train < 0 || !line.read(train)) return false
      record.row(step, line.number)
      // The estimate on training data stands in where no iteration is printed; an `iter` line overwrites it.
      record.put('loss', line.value)
      if (line.numberAfter(VALIDATION, line.next)) record.put('validationLoss', line.value)
      return true
    },
  }),
}

export const nanogptReader = lineLogReader(nanogpt)
