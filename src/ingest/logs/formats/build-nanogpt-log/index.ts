import { key, type LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const TRAIN = key('train ')
const VALIDATION = key('val ')
const HELLASWAG = key('hella ')

/** build-nanogpt's `log.txt`: `N train x`, `N val x`, `N hella x`. The last step is always evaluated. */
const buildNanogptLog: LineFormat = {
  format: 'build-nanogpt-log',
  pattern: /^\d+ (?:train|val|hella) -?[\d.naif]+\s*$/gm,
  open(record) {
    let last = -1
    let lastEvaluated = -1
    const value = (line: LogLine, name: Uint8Array): boolean => {
      const at = line.expect(name, line.next)
      return at >= 0 && line.read(at)
    }
    return {
      line(line) {
        if (!line.read(line.from)) return false
        const step = line.value
        const after = line.next
        if (value(line, TRAIN)) {
          record.row(step, line.number)
          record.put('loss', line.value)
          last = step
          return true
        }
        line.next = after
        if (value(line, VALIDATION)) {
          record.row(step, line.number)
          record.put('validationLoss', line.value)
          lastEvaluated = step
          return true
        }
        line.next = after
        return value(line, HELLASWAG)
      },
      end() {
        if (last > lastEvaluated && record.evaluations > 1)
          record.note(
            'no-final-evaluation',
            0,
            `this trainer evaluates its last step; here the last evaluation is at ${lastEvaluated}, the last step ${last}`,
          )
      },
    }
  },
}

export const buildNanogptLogReader = lineLogReader(buildNanogptLog)
