import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const STEP = key('step:')
const LOSS = key('loss:')
const VALIDATE = key('validate step:')
const NORM = key('grad_norm:')
const LR = key('lr:')
const TRAINING_STEPS = key('total steps ')

/**
 * torchtitan: `… - step: 10  loss:  7.1  grad_norm:  1.2  memory: … tps: … mfu: …%` and
 * `validate step: 10  loss: …`, coloured on terminals.
 */
const torchtitan: LineFormat = {
  format: 'torchtitan',
  pattern: /step: *\d+ +loss: *\S+ +(?:grad_norm|memory|tps)/gm,
  open: (record) => ({
    line(line) {
      const validate = line.find(VALIDATE)
      const at = validate >= 0 ? validate : line.find(STEP)
      if (at < 0 || !line.read(at)) {
        if (line.numberAfter(TRAINING_STEPS)) record.fact('plannedSteps', line.value)
        return false
      }
      const step = line.value
      const after = line.next
      if (!line.numberAfter(LOSS, after)) return false
      record.row(step, line.number)
      record.put(validate >= 0 ? 'validationLoss' : 'loss', line.value)
      if (line.numberAfter(NORM, after)) record.put('gradNorm', line.value)
      if (line.numberAfter(LR, after)) record.put('learningRate', line.value)
      return true
    },
  }),
}

export const torchtitanReader = lineLogReader(torchtitan)
