import { key, type LogLine } from './line.js'
import { type LineFormat, lineLogReader } from './line-reader.js'
import { ProgressBar } from './progress-bar.js'

const LOSS = key("{'loss': ")
const EVAL = key("{'eval_")
const EVAL_LOSS = key("loss': ")
const SUMMARY = key("{'train_runtime': ")
const COLUMNS = [
  [key("'grad_norm': "), 'gradNorm'],
  [key("'learning_rate': "), 'learningRate'],
  [key("'num_tokens': "), 'tokens'],
  [key("'num_input_tokens_seen': "), 'tokens'],
] as const
const QUOTE = 39

/** A number in a Python dict, in quotes or not. */
function valueAt(line: LogLine, at: number): boolean {
  return at >= 0 && line.read(line.bytes[at] === QUOTE ? at + 1 : at)
}

/** Which step the lines are of: that of the training loop's bar, not of an evaluation's in between. */
class Clock {
  private readonly bar = new ProgressBar()
  private step = -1
  /** Total of the training loop's bar, once a training loss has shown which it is. */
  total = 0
  private latest = { done: -1, total: 0 }

  see(line: LogLine): boolean {
    const { bar } = this
    if (!bar.read(line)) return false
    this.latest = { done: bar.done, total: bar.total }
    if (bar.total === this.total) this.step = bar.done
    return true
  }

  /** The step at a training loss, −1 when no bar was seen. */
  train(): number {
    const { latest } = this
    if (
      latest.done > 0 &&
      (this.total === 0 || (latest.total !== this.total && latest.done < latest.total))
    ) {
      this.total = latest.total
      this.step = latest.done
    }
    return this.step
  }

  evaluation(): number {
    return this.step
  }
}

/**
 * Hugging Face Trainer on the terminal (and what is built on it: TRL, Axolotl, LLaMA-Factory):
 * `{'loss': x, 'grad_norm': y, 'learning_rate': z, 'epoch': e}`, the numbers in quotes in newer versions. The lines
 * carry no step: it is taken from the progress bar where one is in the log, else the lines are counted.
 */
const hfStdout: LineFormat = {
  format: 'hf-stdout',
  pattern: /\{'(?:loss|eval_\w*loss)': '?[\d.na-]/gm,
  open(record) {
    const clock = new Clock()
    let count = 0
    let counted = false
    const row = (line: LogLine, step: number): void => {
      counted ||= step < 0
      record.row(step < 0 ? count : step, line.number)
    }
    return {
      line(line) {
        const train = line.find(LOSS)
        if (train >= 0) {
          if (!valueAt(line, train)) return false
          const loss = line.value
          count++
          row(line, clock.train())
          record.put('loss', loss)
          for (const [name, column] of COLUMNS)
            if (valueAt(line, line.find(name, train))) record.put(column, line.value)
          return true
        }
        if (clock.see(line)) return true
        const evaluation = line.find(EVAL)
        if (evaluation >= 0) {
          if (!valueAt(line, line.find(EVAL_LOSS, evaluation))) return false
          const loss = line.value
          row(line, clock.evaluation())
          record.put('validationLoss', loss)
          return true
        }
        if (line.find(SUMMARY) < 0) return false
        record.note('completed', line.number, 'the trainer summed the training up')
        return true
      },
      end() {
        if (clock.total > 1 && !counted) record.facts.plannedSteps = clock.total
        if (counted) record.note('no-step', 0, 'the lines carry no step: they are counted')
      },
    }
  },
}

export const hfStdoutReader = lineLogReader(hfStdout)
