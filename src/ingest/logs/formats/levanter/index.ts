import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const TRAIN = key('Progress on:train ')
const ITERATIONS = key('it')
const THOUSANDS = key('k')
const SLASH = key('/')
const LOSS = key('loss=')
const EVALS = [key('eval loss: '), key('eval/loss: ')]

/** `1.25kit` as 1,250: sets `line.value` and `line.next`; false where no count stands. */
function count(line: LogLine, at: number): boolean {
  if (!line.read(at, false)) return false
  const isThousands = line.standsAt(THOUSANDS, line.next)
  if (isThousands) {
    line.value = Math.round(1000 * line.value)
    line.next++
  }
  if (!line.standsAt(ITERATIONS, line.next)) return false
  line.next += ITERATIONS.length
  return true
}

/**
 * Levanter (and Marin): `Progress on:train 1.25kit/10.0kit rate:2.6it/s remaining:55:50 elapsed:08:30 postfix:loss=4.06`,
 * whose steps have three digits, the last loss of which counts; evaluations as `eval loss: 3.9`.
 */
const levanter: LineFormat = {
  format: 'levanter',
  pattern: /\bProgress on:train [\d.]+k?it\/[\d.]+k?it .*\bloss=/gm,
  open(record) {
    let step = -1
    return {
      line(line) {
        const at = line.find(TRAIN)
        if (at >= 0) {
          if (!count(line, at)) return false
          const done = line.value
          if (line.standsAt(SLASH, line.next) && count(line, line.next + 1))
            record.fact('plannedSteps', line.value)
          if (!line.numberAfter(LOSS, at)) return false
          step = done
          record.row(step, line.number)
          record.put('loss', line.value)
          return true
        }
        if (step < 0 || !EVALS.some((name) => line.numberAfter(name))) return false
        record.row(step, line.number)
        record.put('validationLoss', line.value)
        return true
      },
    }
  },
}

export const levanterReader = lineLogReader(levanter)
