import { key } from './line.js'
import { type LineFormat, lineLogReader } from './line-reader.js'

const LOSS = key("{'loss': ")
const EVAL = key("'eval_loss': ")
const NORM = key("'grad_norm': ")
const LR = key("'learning_rate': ")
const TQDM = /(\d+)\/(\d+) \[[\d:]+</
const QUOTE = 39

/**
 * Hugging Face Trainer on the terminal: `{'loss': x, 'grad_norm': y, 'learning_rate': z, 'epoch': e}`. The lines
 * carry no step: it is taken from the progress bar where one is in the log, else the lines are counted.
 */
const hfStdout: LineFormat = {
  format: 'hf-stdout',
  pattern: /\{'(?:loss|eval_loss)': '?[\d.na-]/gm,
  open(record) {
    let bar = -1
    let count = 0
    return {
      line(line) {
        const train = line.find(LOSS)
        const evaluation = train < 0 ? line.find(EVAL) : -1
        const at = Math.max(train, evaluation)
        if (at < 0) {
          const progress = TQDM.exec(line.text())
          if (progress !== null) {
            bar = Number(progress[1])
            if (Number(progress[2]) > 1) record.facts.plannedSteps = Number(progress[2])
          }
          return progress !== null
        }
        const number = (from: number): boolean => line.read(line.bytes[from] === QUOTE ? from + 1 : from)
        if (!number(at)) return false
        if (train >= 0) count++
        record.row(bar >= 0 ? bar : count, line.number)
        record.put(train >= 0 ? 'loss' : 'validationLoss', line.value)
        for (const [name, column] of [
          [NORM, 'gradNorm'],
          [LR, 'learningRate'],
        ] as const) {
          const found = line.find(name)
          if (found >= 0 && number(found)) record.put(column, line.value)
        }
        return true
      },
      end() {
        if (bar < 0) {
          record.note('no-step', 0, 'the lines carry no step: they are counted')
          record.facts.plannedSteps = undefined
        }
      },
    }
  },
}

export const hfStdoutReader = lineLogReader(hfStdout)
