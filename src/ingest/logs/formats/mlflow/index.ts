import type { LogReader } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import { LogLine } from '../../lines/line.js'
import { sampleText, scoreOf } from '../../lines/line-log.js'
import { NamedSeries } from '../../recorder/named-series.js'
import { METRIC } from '../../source/metric-folder.js'

/**
 * The metrics of an MLflow run as it keeps them in files (`mlruns/<experiment>/<run>/metrics/<name>`, a line
 * `timestamp value step` a value), read as one log: every file behind a line that names it. Values of one step belong
 * to one row, in the order of their times. Rows name the millisecond instead of a line.
 */
export const mlflowReader: LogReader = {
  format: 'mlflow',
  recognise: (source) => scoreOf(sampleText(source), /# mlflow metric ./gm, 2),
  async read(source, options) {
    const series = new NamedSeries()
    const line = new LogLine()
    let slot = -1
    await eachLine(source.stream(), (bytes, from, to, number, escapes) => {
      line.set(bytes, from, to, number, escapes)
      const name = line.find(METRIC)
      if (name >= 0) {
        slot = series.slotOf(line.text(name))
        return
      }
      if (slot < 0 || !line.read(from, false)) return
      const time = line.value
      if (!line.read(line.next, false)) return
      const value = line.value
      // Before 2019 there were no steps: the values are counted by their times alone.
      if (line.read(line.next, false)) series.put(slot, line.value, value, time)
    })
    return series.record('mlflow', source.path, options).finish()
  },
}
