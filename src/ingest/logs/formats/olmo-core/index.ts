import { type KeyField, KeyLines } from '../../lines/key-blocks.js'
import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const STEP = key('[step=')
const SLASH = 47
const EVALUATION = /(?:^|\s)eval\/(?:lm\/)?(\S+)\/(?:CE loss|CrossEntropyLoss)$/

const NAMES: readonly (readonly [RegExp, ReturnType<KeyField>])[] = [
  [/(?:^|\s)train\/(?:CE loss|CrossEntropyLoss)$/, 'loss'],
  [/(?:^|\s)optim\/total[ _]grad[ _]norm$/, 'gradNorm'],
  [/(?:^|\s)optim\/(?:LR \(group 0\)|learning_rate_group0)$/, 'learningRate'],
  [/(?:^|\s)throughput\/total[ _]tokens$/, 'tokens'],
  [EVALUATION, 'validationLoss'],
]

/**
 * OLMo-core's console logger (and OLMo's): a line `[step=N/M,epoch=e]` and, indented beneath, `train/CE loss=x`,
 * `optim/total grad norm=y`, … The first evaluation set's cross-entropy stands for the validation loss.
 */
const olmoCore: LineFormat = {
  format: 'olmo-core',
  pattern:
    /\[step=\d+(?:\/[\d,]+)?(?:,epoch=\d+)?(?:,[^\]]*)?\]|^(?:train\/CE loss|train\/CrossEntropyLoss|optim\/total grad norm)=/gm,
  open(record) {
    const lines = new KeyLines((name) => NAMES.find(([pattern]) => pattern.test(name))?.[1])
    let open = false
    let evaluated = ''
    const value = (line: LogLine): boolean => {
      if (!lines.read(line)) return false
      if (lines.column === 'validationLoss') {
        if (evaluated === '') evaluated = lines.key
        if (lines.key !== evaluated) return true
      }
      record.put(lines.column, lines.value)
      return true
    }
    return {
      line(line) {
        const at = line.find(STEP)
        if (at < 0 || !line.read(at)) return open && value(line)
        record.row(line.value, line.number)
        open = true
        if (line.bytes[line.next] === SLASH && line.read(line.next + 1))
          record.fact('plannedSteps', line.value)
        return true
      },
    }
  },
}

export const olmoCoreReader = lineLogReader(olmoCore)
