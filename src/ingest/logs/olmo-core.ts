import { key, type LogLine } from './line.js'
import { type LineFormat, lineLogReader } from './line-reader.js'
import type { ColumnName } from './recorder.js'

const STEP = key('[step=')
const SLASH = 47

const KEYS: readonly (readonly [Uint8Array, ColumnName])[] = [
  [key('train/CE loss='), 'loss'],
  [key('train/CrossEntropyLoss='), 'loss'],
  [key('optim/total grad norm='), 'gradNorm'],
  [key('optim/total_grad_norm='), 'gradNorm'],
  [key('optim/LR (group 0)='), 'learningRate'],
  [key('optim/learning_rate_group0='), 'learningRate'],
  [key('throughput/total tokens='), 'tokens'],
  [key('throughput/total_tokens='), 'tokens'],
  [key('eval/lm/'), 'validationLoss'],
]
const CE = key('/CE loss=')

/**
 * OLMo-core's console logger (and OLMo's): a line `[step=N/M,epoch=e]` and, indented beneath, `train/CE loss=x`,
 * `optim/total grad norm=y`, … The first evaluation set's cross-entropy stands for the validation loss.
 */
const olmoCore: LineFormat = {
  format: 'olmo-core',
  pattern:
    /\[step=\d+(?:\/[\d,]+)?(?:,epoch=\d+)?(?:,[^\]]*)?\]|^\s+(?:train\/CE loss|train\/CrossEntropyLoss|optim\/total grad norm)=/gm,
  open(record) {
    let open = false
    let evaluations = ''
    const value = (line: LogLine): boolean => {
      for (const [name, column] of KEYS) {
        const at = line.find(name)
        if (at < 0) continue
        if (column !== 'validationLoss') {
          if (!line.read(at)) return false
          record.put(column, line.value)
          return true
        }
        const equals = line.find(CE, at)
        if (equals < 0 || !line.read(equals)) return false
        const set = line.text(at, equals)
        if (evaluations === '') evaluations = set
        if (set === evaluations) record.put('validationLoss', line.value)
        return true
      }
      return false
    }
    return {
      line(line) {
        const at = line.find(STEP)
        if (at >= 0 && line.read(at)) {
          record.row(line.value, line.number)
          open = true
          if (line.bytes[line.next] === SLASH && line.read(line.next + 1))
            record.facts.plannedSteps = line.value
          value(line)
          return true
        }
        return open && value(line)
      },
    }
  },
}

export const olmoCoreReader = lineLogReader(olmoCore)
