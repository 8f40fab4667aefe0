import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import type { RunRecorder } from '../../recorder/recorder.js'

const ITER = key('iter ')
const STEP = key('step ')
const LOSS = key(': loss ')
const TIME = key('time ')
const TRAIN = key(': train loss ')
const VALIDATION = key('val loss ')
const BAR_LOSS = key(' | loss ')
const LR = key(' | lr ')
const BAR = key(' | ')
const MS = key('ms')

/** llama2.c's `N | loss x | lr y | tms | mfu z%`, which begins with the step. */
function readBars(line: LogLine, record: RunRecorder): boolean {
  if (!line.read(line.from)) return false
  const step = line.value
  if (!line.standsAt(BAR_LOSS, line.next) || !line.read(line.next + BAR_LOSS.length)) return false
  record.row(step, line.number)
  record.put('loss', line.value)
  if (line.numberAfter(LR, line.next)) record.put('learningRate', line.value)
  if (line.numberAfter(BAR, line.next) && line.standsAt(MS, line.next))
    record.put('seconds', line.value / 1000)
  return true
}

/**
 * Karpathy's nanoGPT: `iter N: loss x, time yms, mfu z%` and `step N: train loss a, val loss b`; his llama2.c prints
 * `N | loss x | lr y | tms | mfu z%` instead of the former.
 */
const nanogpt: LineFormat = {
  format: 'nanogpt',
  pattern:
    /^.{0,40}?(?:iter \d+: loss \S+, time |step \d+: train loss \S+, val loss |\d+ \| loss \S+ \| lr )/gm,
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
      if (at < 0) return readBars(line, record)
      if (!line.read(at)) return false
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
