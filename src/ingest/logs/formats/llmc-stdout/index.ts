import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import { isEvaluation } from '../../lines/needles.js'

const STEP = key('step ')
const LOSSES = [key('| loss '), key('train loss ')]
const NORM = key('| norm ')
const LR = key('| lr ')
const BAR = key('| ')
const MS = key(' ms')
const VALIDATION = key('val loss ')

/**
 * llm.c on stdout: `step N/M | loss x (+z)| norm y (+z)| lr l | t ms | …`, `val loss v`; its older programs print
 * `step N/M: train loss x (t ms, …)`, `step N: train loss x (took t ms)`, its reference in Python
 * `step N/M | train loss x | norm y | lr l | (t ms | …)`.
 */
const llmcStdout: LineFormat = {
  format: 'llmc-stdout',
  pattern:
    /^(?:.{0,40}?[\]:] ?)?step +\d+(?:\/\d+)?(?: \| (?:train )?loss [-\d.nai]+ |: train loss \S+ \()/gm,
  open(record) {
    let last = -1
    return {
      line(line) {
        const at = line.find(STEP)
        if (at >= 0 && line.read(at)) {
          const step = line.value
          const isHeldOut = isEvaluation(line, at - STEP.length)
          let after = line.next
          if (line.bytes[after] === 47 && line.read(after + 1)) {
            record.fact('plannedSteps', line.value)
            after = line.next
          }
          if (!LOSSES.some((loss) => line.numberAfter(loss, after))) return false
          record.row(step, line.number)
          record.put(isHeldOut ? 'validationLoss' : 'loss', line.value)
          last = step
          if (line.numberAfter(NORM, after)) record.put('gradNorm', line.value)
          if (line.numberAfter(LR, after)) {
            record.put('learningRate', line.value)
            const time = line.find(BAR, line.next)
            if (time >= 0 && line.read(time) && line.expect(MS, line.next) >= 0)
              record.put('seconds', line.value / 1000)
          }
          return true
        }
        const validation = line.expect(VALIDATION)
        if (validation < 0 || !line.read(validation)) return false
        record.row(Math.max(0, last), line.number)
        record.put('validationLoss', line.value)
        return true
      },
    }
  },
}

export const llmcStdoutReader = lineLogReader(llmcStdout)
