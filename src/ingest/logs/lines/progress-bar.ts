import { isDigit, type LogLine } from './line.js'

const SPACE = 32
const PERCENT = 37
const SLASH = 47
const BRACKET = 91

/**
 * A `tqdm` bar without a description, `  1%|▏   | 10/1000 [00:14<2:21:01,  1.42s/it]`: the bar of a training loop.
 * Bars that say what they are of (`Map:`, `Loading checkpoint shards:`) are not.
 */
export class ProgressBar {
  done = 0
  total = 0

  /** Set `done` and `total` from the last bar in a line; false when there is none. */
  read(line: LogLine): boolean {
    const { bytes, to } = line
    let i = line.skipBlanks(line.from)
    if (i >= to || !isDigit(bytes[i])) return false
    while (i < to && isDigit(bytes[i])) i++
    // Without a total tqdm leaves the percentage out; then there is nothing to read either.
    if (i < to && bytes[i] === PERCENT) while (i < to && bytes[i] !== SLASH) i++
    if (i >= to || bytes[i] !== SLASH) return false
    let from = i
    while (from > line.from && isDigit(bytes[from - 1])) from--
    if (from === i || !line.read(from, false)) return false
    const done = line.value
    if (!line.read(i + 1, false)) return false
    const end = line.next
    if (end + 2 >= to || bytes[end] !== SPACE || bytes[end + 1] !== BRACKET || !isDigit(bytes[end + 2]))
      return false
    this.done = done
    this.total = line.value
    return true
  }
}
