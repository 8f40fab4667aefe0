import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import { isEvaluation } from '../../lines/needles.js'

const STEP = key('step ')
const LOSS = key('loss: ')
const RATES = [key('lr '), key('lr: ')]
const NORM = key('norm: ')
const TIME = key('dt: ')
const VALIDATION = key('validation loss: ')
const TENSORS = key('parameter tensors: ')
const NOT_DECAYED = key('non-decayed')
const WITH = key('with ')
const BATCH = key('total desired batch size: ')

/**
 * Karpathy's build-nanogpt on stdout: `step N | loss: x | lr y | norm: z | dt: tms | tok/sec: w`; the line
 * `validation loss: v` stands before the step that it was measured at. The last step is always evaluated.
 */
const buildNanogpt: LineFormat = {
  format: 'build-nanogpt',
  pattern: /^.{0,40}?step +\d+ \| loss: \S+ \| (?:lr|norm)/gm,
  open(record) {
    let waiting = Number.NaN
    let last = -1
    let evaluated = false
    let decayed = 0
    let notDecayed = 0
    return {
      line(line) {
        const at = line.find(STEP)
        if (at >= 0 && line.read(at)) {
          const step = line.value
          const isHeldOut = isEvaluation(line, at - STEP.length)
          if (!line.numberAfter(LOSS, line.next)) return false
          record.row(step, line.number)
          record.put(isHeldOut ? 'validationLoss' : 'loss', line.value)
          const after = line.next
          if (RATES.some((rate) => line.numberAfter(rate, after))) record.put('learningRate', line.value)
          if (line.numberAfter(NORM, after)) record.put('gradNorm', line.value)
          if (line.numberAfter(TIME, after)) record.put('seconds', line.value / 1000)
          evaluated = !Number.isNaN(waiting)
          if (evaluated) record.put('validationLoss', waiting)
          waiting = Number.NaN
          last = step
          return true
        }
        const validation = line.expect(VALIDATION)
        if (validation >= 0 && line.read(validation)) {
          waiting = line.value
          return true
        }
        const tensors = line.find(TENSORS)
        if (tensors >= 0 && line.numberAfter(WITH, tensors)) {
          // Either group is printed anew by a resumed run: its last count stands.
          if (line.find(NOT_DECAYED) >= 0) notDecayed = line.value
          else decayed = line.value
          record.fact('params', decayed + notDecayed)
        } else if (line.numberAfter(BATCH)) record.fact('tokensPerStep', line.value)
        return false
      },
      end() {
        if (!Number.isNaN(waiting)) {
          record.row(last + 1, 0)
          record.put('validationLoss', waiting)
        } else if (last >= 0 && !evaluated && record.evaluations > 1)
          record.note(
            'no-final-evaluation',
            0,
            'this trainer evaluates its last step; here the last step has no evaluation',
          )
      },
    }
  },
}

export const buildNanogptReader = lineLogReader(buildNanogpt)
