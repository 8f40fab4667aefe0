import { key } from './line.js'
import { type LineFormat, lineLogReader } from './line-reader.js'

const STEP = key('step ')
const LOSS = key('| loss ')
const NORM = key('| norm ')
const LR = key('| lr ')
const BAR = key('| ')
const MS = key(' ms')
const VALIDATION = key('val loss ')
const TRAIN = key('train loss ')

/**
 * llm.c on stdout: `step N/M | loss x (+z)| norm y (+z)| lr l | t ms | …`, `val loss v`; the older CPU program
 * prints `step N: train loss x (took t ms)`.
 */
const llmcStdout: LineFormat = {
  format: 'llmc-stdout',
  pattern: /^.{0,40}?step +\d+(?:\/\d+)?(?: \| loss \S+| ?: train loss \S+ \(took)/gm,
  open(record) {
    let last = -1
    return {
      line(line) {
        const at = line.find(STEP)
        if (at >= 0 && line.read(at)) {
          const step = line.value
          let after = line.next
          if (line.bytes[after] === 47 && line.read(after + 1)) {
            record.facts.plannedSteps = line.value
            after = line.next
          }
          if (!line.numberAfter(LOSS, after) && !line.numberAfter(TRAIN, after)) return false
          record.row(step, line.number)
          record.put('loss', line.value)
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
