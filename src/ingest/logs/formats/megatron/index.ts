import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const ITERATION = key('iteration ')
const VALIDATION = [key('validation loss at '), key('validation results at ')]
const TEST = [key('test set'), key('test data')]
/** Megatron-LM's own, GPT-NeoX's, that of Megatron-LM before 2020. */
const VALIDATION_VALUES = [key('lm loss value: '), key('lm_loss value: '), key('LM loss: ')]
const ELAPSED = key('elapsed time per iteration (')
const COLON = key(': ')
const LR = key('learning rate')
const LOSSES = [key('lm loss'), key('lm_loss')]
const NORM = key('grad norm')
const TOKENS = key('consumed tokens')
const SKIPPED = key('number of skipped iterations')
const SCALE = key('loss scale')
const MILLISECONDS = 109
const SLASH = 47
const COLON_SIGN = 58

/** The number behind a key and its colon; old versions print no colon. */
function numberOf(line: LogLine, name: Uint8Array, from: number): boolean {
  const at = line.find(name, from)
  return at >= 0 && line.read(line.bytes[at] === COLON_SIGN ? at + 1 : at)
}

/**
 * Megatron-LM, Megatron-DeepSpeed and GPT-NeoX: `iteration N/ M | consumed samples: … | lm loss: x | grad norm: … |`,
 * behind a time stamp or a rank prefix; a step that the loss scaler skipped has no `lm loss`, nor has one whose loss is NaN. The evaluation after
 * training names no iteration: it is of the last one. Evaluations on the test set are passed over.
 */
const megatron: LineFormat = {
  format: 'megatron',
  pattern: /^.{0,80}?iteration +\d+\/ *\d+ \| .*(?:elapsed time|lm.loss|learning rate)/gm,
  open(record) {
    let last = 0
    /** A loss that is not a number is left out, as is that of a step that the loss scaler skipped. */
    const withoutLoss = (line: LogLine, step: number, at: number): void => {
      if (!numberOf(line, SKIPPED, at)) return
      // Some builds count no skipped iteration: then the norm is an old one, and the loss scale was halved.
      const isSkipped = line.value > 0 || (numberOf(line, NORM, at) && Number.isFinite(line.value))
      if (!isSkipped) {
        record.put('loss', Number.NaN)
        return
      }
      record.note('skipped-step', line.number, `iteration ${step} has no lm loss: the optimiser skipped it`)
      record.overflow(line.number, numberOf(line, SCALE, at) ? line.value : undefined)
    }
    const validation = (line: LogLine, at: number): boolean => {
      if (TEST.some((text) => line.find(text, at) >= 0)) return false
      const step = line.expect(ITERATION, at) >= 0 && line.numberAfter(ITERATION, at) ? line.value : last
      if (!VALIDATION_VALUES.some((value) => line.numberAfter(value, at))) return false
      record.row(step, line.number)
      record.put('validationLoss', line.value)
      return true
    }
    return {
      line(line) {
        const at = line.find(ITERATION)
        const isStep = at >= 0 && line.read(at) && line.bytes[line.next] === SLASH
        if (!isStep) {
          for (const text of VALIDATION) {
            const found = line.find(text)
            if (found >= 0) return validation(line, found)
          }
          return false
        }
        const step = line.value
        if (!line.read(line.next + 1)) return false
        record.fact('plannedSteps', line.value)
        const after = line.next
        record.row(step, line.number)
        last = step
        if (numberOf(line, TOKENS, after)) record.put('tokens', line.value)
        const elapsed = line.find(ELAPSED, after)
        if (elapsed >= 0 && line.numberAfter(COLON, elapsed))
          record.put('seconds', line.bytes[elapsed] === MILLISECONDS ? line.value / 1000 : line.value)
        if (numberOf(line, LR, after)) record.put('learningRate', line.value)
        if (numberOf(line, SCALE, after)) record.put('lossScale', line.value)
        if (LOSSES.some((loss) => numberOf(line, loss, after))) record.put('loss', line.value)
        else withoutLoss(line, step, after)
        if (numberOf(line, NORM, after)) record.put('gradNorm', line.value)
        return true
      },
    }
  },
}

export const megatronReader = lineLogReader(megatron)
