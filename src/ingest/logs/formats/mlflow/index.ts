import { basename, dirname, resolve } from 'node:path'
import type { LogReader } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import { LogLine } from '../../lines/line.js'
import { sampleText, scoreOf } from '../../lines/line-log.js'
import { NamedSeries } from '../../recorder/named-series.js'
import { METRIC } from '../../source/metric-folder.js'

/**
 * The metrics of an MLflow run as it keeps them in files (`mlruns/<experiment>/<run>/metrics/<name>`, a line
 * `timestamp value step` a value), read as one log: every file behind a line that names it. Values of one step belong
 * to one row, in the order of their times; where no step was ever told (all are 0, or before 2019 none is there) the most
 * frequent metric counts them. Rows name the millisecond instead of a line.
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
      series.put(slot, line.read(line.next, false) ? line.value : Number.NaN, value, time)
    })
    const isCounted = series.countSteps()
    const record = series.record('mlflow', source.path, options, basename(dirname(resolve(source.path))))
    if (isCounted) record.note('no-step', 0, 'no metric has a step: their values are counted')
    return record.finish()
  },
}
