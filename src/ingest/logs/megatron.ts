import { key } from './line.js'
import { type LineFormat, lineLogReader } from './line-reader.js'

const ITERATION = key('iteration ')
const VALIDATION_AT = key('validation loss at iteration ')
const VALIDATION_VALUE = key('lm loss value: ')
const ELAPSED = key('elapsed time per iteration (')
const COLON = key(': ')
const LR = key('learning rate: ')
const LOSS = key('lm loss: ')
const NORM = key('grad norm: ')
const TOKENS = key('consumed tokens: ')
const SKIPPED = key('number of skipped iterations')
const MILLISECONDS = 109
const SLASH = 47

/**
 * Megatron-LM and Megatron-DeepSpeed: `iteration N/ M | consumed samples: … | lm loss: x | grad norm: … |`,
 * behind a time stamp or a rank prefix; a step that the loss scaler skipped has no `lm loss`.
 */
const megatron: LineFormat = {
  format: 'megatron',
  pattern: /^.{0,60}?iteration +\d+\/ *\d+ \| /gm,
  open: (record) => ({
    line(line) {
      const validation = line.find(VALIDATION_AT)
      if (validation >= 0) {
        if (!line.read(validation)) return false
        const step = line.value
        if (!line.numberAfter(VALIDATION_VALUE, line.next)) return false
        record.row(step, line.number)
        record.put('validationLoss', line.value)
        return true
      }
      const at = line.find(ITERATION)
      if (at < 0 || !line.read(at)) return false
      const step = line.value
      if (line.bytes[line.next] !== SLASH || !line.read(line.next + 1)) return false
      record.facts.plannedSteps = line.value
      const after = line.next
      record.row(step, line.number)
      if (line.numberAfter(TOKENS, after)) record.put('tokens', line.value)
      const elapsed = line.find(ELAPSED, after)
      if (elapsed >= 0 && line.numberAfter(COLON, elapsed))
        record.put('seconds', line.bytes[elapsed] === MILLISECONDS ? line.value / 1000 : line.value)
      if (line.numberAfter(LR, after)) record.put('learningRate', line.value)
      if (line.numberAfter(LOSS, after)) record.put('loss', line.value)
      else if (line.find(SKIPPED, after) >= 0)
        record.note('skipped-step', line.number, `iteration ${step} has no lm loss: the optimiser skipped it`)
      if (line.numberAfter(NORM, after)) record.put('gradNorm', line.value)
      return true
    },
  }),
}

export const megatronReader = lineLogReader(megatron)
