import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const STEP = key('step ')
const CAPITAL_STEP = key('Step ')
const LOSS = key('loss: ')
const NORM = key('grad norm: ')
const LR_MULTIPLIER = key('lrm: ')
const TIME = key('dt: ')
const VALIDATION = key('Validation bpb: ')
const VALIDATION_LOSS = key('Validation loss: ')
const PARAMETERS = key('Number of parameters: ')
const BATCH = key('Total batch size ')
const ARROW = key('=> ')
const SLASH = 47

/**
 * nanochat: `step 00010/21400 (0.05%) | loss: x | grad norm: y | lrm: 1.00 | dt: 340.1ms | tok/sec: …`.
 * `lrm` multiplies every group's learning rate, so its shape is the schedule. `Step N | Validation bpb: b` is in
 * bits per byte, whose ratio to nats per token the log does not give; only a validation *loss* is taken over.
 */
const nanochat: LineFormat = {
  format: 'nanochat',
  pattern: /^.{0,40}?step \d+(?:\/\d+)? .{0,12}\| loss: \S+ \| (?:grad norm|lrm|dt): /gm,
  open: (record) => ({
    line(line) {
      const capital = line.find(CAPITAL_STEP)
      if (capital >= 0 && line.read(capital)) {
        const step = line.value
        if (!line.numberAfter(VALIDATION_LOSS, line.next)) return line.find(VALIDATION, line.next) >= 0
        record.row(step, line.number)
        record.put('validationLoss', line.value)
        return true
      }
      const at = line.find(STEP)
      if (at >= 0 && line.read(at)) {
        const step = line.value
        let after = line.next
        if (line.bytes[after] === SLASH && line.read(after + 1)) {
          record.fact('plannedSteps', line.value)
          after = line.next
        }
        if (!line.numberAfter(LOSS, after)) return false
        record.row(step, line.number)
        record.put('loss', line.value)
        if (line.numberAfter(NORM, after)) record.put('gradNorm', line.value)
        if (line.numberAfter(LR_MULTIPLIER, after)) record.put('learningRate', line.value)
        if (line.numberAfter(TIME, after)) record.put('seconds', line.value / 1000)
        return true
      }
      if (line.numberAfter(PARAMETERS)) record.fact('params', line.value)
      else if (line.numberAfter(BATCH) && line.find(ARROW) < 0) record.fact('tokensPerStep', line.value)
      return false
    },
  }),
}

export const nanochatReader = lineLogReader(nanochat)
