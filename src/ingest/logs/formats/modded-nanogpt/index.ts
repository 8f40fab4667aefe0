import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const STEP = key('step:')
const TRAIN = key('train_loss:')
const VALIDATION = key('val_loss:')
const TIME = key('train_time:')
const LR = key(' lr:')
const MILLISECONDS = 109

/**
 * modded-nanogpt: `step:i/N train_loss:x train_time:tms step_avg:…` and `step:i/N val_loss:x …`. The file begins
 * with the trainer's source code, and `step_avg:nanms` stands on healthy lines: neither is read.
 */
const moddedNanogpt: LineFormat = {
  format: 'modded-nanogpt',
  pattern: /^.{0,40}?step:\d+\/\d+ (?:train_loss|val_loss):/gm,
  open(record) {
    let lastStep = -1
    let lastTime = Number.NaN
    /** Training time is cumulative: a step's own time is the difference to the step before. */
    const putTime = (line: LogLine, step: number): void => {
      if (!line.numberAfter(TIME)) return
      const time = line.bytes[line.next] === MILLISECONDS ? line.value / 1000 : line.value
      const seconds = (time - lastTime) / (step - lastStep)
      if (step > lastStep && seconds > 0) record.put('seconds', seconds)
      if (step !== lastStep) lastTime = time
      lastStep = step
    }
    return {
      line(line) {
        const at = line.find(STEP)
        if (at < 0 || !line.read(at)) return false
        const step = line.value
        if (line.bytes[line.next] !== 47 || !line.read(line.next + 1)) return false
        const planned = line.value
        const after = line.next
        const trains = line.numberAfter(TRAIN, after)
        if (!trains && !line.numberAfter(VALIDATION, after)) return false
        record.fact('plannedSteps', planned)
        record.row(step, line.number)
        record.put(trains ? 'loss' : 'validationLoss', line.value)
        if (line.numberAfter(LR, after)) record.put('learningRate', line.value)
        putTime(line, step)
        return true
      },
    }
  },
}

export const moddedNanogptReader = lineLogReader(moddedNanogpt)
