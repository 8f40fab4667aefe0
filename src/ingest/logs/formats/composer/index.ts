import { KeyLines, namedField } from '../../lines/key-blocks.js'
import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const BATCH = key('[batch=')
const EVALUATION = key('[Eval batch=')
const EPOCH = key('[epoch=')
const SLASH = 47
const SIDE = /^.*?\b(?:Train|Eval)\s+/

/**
 * MosaicML Composer and LLM Foundry on the console: `[batch=N/M]:` (with `[epoch=e]` before it, N counting anew in
 * each epoch) and, indented beneath, `Train loss/train/total: x`, `Train lr-DecoupledAdamW/group0: y`,
 * `Eval metrics/eval/LanguageCrossEntropy: v`.
 */
const composer: LineFormat = {
  format: 'composer',
  pattern:
    /^.{0,40}?\[batch=\d+\/\d+\]:|^Train (?:loss\/train\/total|LanguageCrossEntropy|metrics\/train\/LanguageCrossEntropy): /gm,
  open(record) {
    const lines = new KeyLines((name) => {
      const isEvaluation = /\bEval\s/.test(name)
      const bare = name.replace(SIDE, '')
      if (/(?:^|\/)LanguageCrossEntropy$/.test(bare)) return isEvaluation ? 'validationLoss' : 'loss'
      if (bare === 'loss/train/total') return 'loss'
      if (bare === 'time/token') return 'tokens'
      return isEvaluation ? undefined : namedField(bare)
    })
    let batch = -1
    let base = 0
    let step = -1
    let open = false
    let held: string | undefined
    return {
      line(line) {
        const at = line.find(BATCH)
        if (at >= 0 && line.read(at)) {
          const found = line.value
          const isSlash = line.bytes[line.next] === SLASH
          const planned = isSlash && line.read(line.next + 1) ? line.value : 0
          if (found < batch && planned > 0 && line.find(EPOCH) >= 0) base += planned
          batch = found
          step = base + found
          open = false
          held = undefined
          if (base === 0 && planned > 0) record.fact('plannedSteps', planned)
          return true
        }
        if (step < 0 || line.find(EVALUATION) >= 0) return step >= 0
        if (!lines.read(line)) return false
        if (!open) record.row(step, line.number)
        open = true
        // The cross-entropy alone is the loss in nats per token: the total may hold other terms.
        const isTotal = lines.column === 'loss' && lines.key.endsWith('loss/train/total')
        if (isTotal && held === 'loss') return true
        if (lines.column === 'loss' && !isTotal) held = 'loss'
        record.put(lines.column, lines.value)
        return true
      },
    }
  },
}

export const composerReader = lineLogReader(composer)
