import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const STEP = key('s:')
const TRAIN = key('trl:')
const TEST = key('tel:')
const EVAL = key('eval:')
const LR = key('lr:')
const NORM = key('norm:')

/** llm.c's `main.log`: `s:N trl:x lr:y norm:z`, `s:N tel:x` (validation), `s:N eval:x` (HellaSwag). */
const llmcLog: LineFormat = {
  format: 'llmc',
  pattern: /^s:\d+ (?:trl|tel|eval):\S+/gm,
  open(record) {
    let last = -1
    let lastEvaluated = -1
    return {
      line(line) {
        const at = line.expect(STEP)
        if (at < 0 || !line.read(at)) return false
        const step = line.value
        const after = line.next
        if (line.numberAfter(TRAIN, after)) {
          record.row(step, line.number)
          record.put('loss', line.value)
          if (line.numberAfter(LR, after)) record.put('learningRate', line.value)
          if (line.numberAfter(NORM, after)) record.put('gradNorm', line.value)
          last = step
          return true
        }
        if (line.numberAfter(TEST, after)) {
          record.row(step, line.number)
          record.put('validationLoss', line.value)
          lastEvaluated = step
          return true
        }
        return line.find(EVAL, after) >= 0
      },
      end() {
        // The evaluation after the last step carries that step's number plus one.
        if (last > lastEvaluated && record.evaluations > 1)
          record.note(
            'no-final-evaluation',
            0,
            `this trainer evaluates its last step; here the last evaluation is at ${lastEvaluated}, the last step ${last}`,
          )
      },
    }
  },
}

export const llmcReader = lineLogReader(llmcLog)
