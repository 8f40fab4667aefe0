import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'
import { ProgressBar } from '../../lines/progress-bar.js'
import type { ColumnName } from '../../recorder/recorder.js'

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

/** A line's numbers, held until its step is known. */
interface Row {
  readonly line: number
  readonly values: readonly (readonly [ColumnName, number])[]
}

/**
 * Which step the lines are of: that of the training loop's bar, not of an evaluation's in between. A bar that was drawn
 * since the last loss tells; else the next one does, which is drawn again behind the line.
 */
class Clock {
  private readonly bar = new ProgressBar()
  /** Total of the training loop's bar, once a training loss has shown which it is. */
  total = 0
  private step = -1
  private isFresh = false
  private latest = { done: -1, total: 0 }

  /** Look for a bar; false when the line is none. */
  see(line: LogLine): boolean {
    const { bar } = this
    if (!bar.read(line)) return false
    this.latest = { done: bar.done, total: bar.total }
    if (bar.total === this.total) {
      this.step = bar.done
      this.isFresh = true
    }
    return true
  }

  /** The step at a training loss; −1 when the next bar has to tell. */
  train(): number {
    const { latest } = this
    if (
      latest.done > 0 &&
      (this.total === 0 || (latest.total !== this.total && latest.done < latest.total))
    ) {
      this.total = latest.total
      this.step = latest.done
      this.isFresh = true
    }
    const step = this.isFresh ? this.step : -1
    this.isFresh = false
    return step
  }

  /** The step by the latest bar of the training loop, whatever was printed since; the first bar shows which that is. */
  now(): number {
    if (this.total === 0 && this.latest.done > 0 && this.latest.done < this.latest.total) {
      this.total = this.latest.total
      this.step = this.latest.done
    }
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
  pattern: /(?<!: )\{'(?:loss|eval_\w*loss)': '?[\d.na-].*\}/gm,
  open(record) {
    const clock = new Clock()
    let count = 0
    let counted = false
    let held: Row | undefined
    const write = (row: Row, step: number): void => {
      counted ||= step < 0
      record.row(step < 0 ? count : step, row.line)
      for (const [column, value] of row.values) record.put(column, value)
    }
    const release = (): void => {
      if (held === undefined) return
      record.held--
      write(held, clock.now())
      held = undefined
    }
    const train = (line: LogLine, at: number): boolean => {
      if (!valueAt(line, at)) return false
      release()
      const values: [ColumnName, number][] = [['loss', line.value]]
      for (const [name, column] of COLUMNS)
        if (valueAt(line, line.find(name, at))) values.push([column, line.value])
      const row = { line: line.number, values }
      const step = clock.train()
      count++
      if (step >= 0) write(row, step)
      else {
        held = row
        record.held++
      }
      return true
    }
    return {
      line(line) {
        const loss = line.find(LOSS)
        if (loss >= 0) return train(line, loss)
        if (clock.see(line)) {
          release()
          return true
        }
        const evaluation = line.find(EVAL)
        if (evaluation >= 0) {
          if (!valueAt(line, line.find(EVAL_LOSS, evaluation))) return false
          const values = [['validationLoss', line.value] as const]
          release()
          write({ line: line.number, values }, clock.now())
          return true
        }
        if (line.find(SUMMARY) < 0) return false
        record.note('completed', line.number, 'the trainer summed the training up')
        return true
      },
      end() {
        release()
        if (clock.total > 1 && !counted) {
          record.fact('plannedSteps', clock.total)
          record.fact('reachedStep', clock.now())
        }
        if (counted) record.note('no-step', 0, 'the lines carry no step: they are counted')
      },
    }
  },
}

export const hfStdoutReader = lineLogReader(hfStdout)
