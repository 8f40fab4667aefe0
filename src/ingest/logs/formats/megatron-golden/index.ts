import type { LogReader, LogSource, TrainingRun } from '../../../../core/index.js'
import { asNumber, asObject, type Json, parseTolerantJson } from '../../../text/tolerant-json.js'
import { fieldOf } from '../../names/column-names.js'
import { type ColumnName, RunRecorder } from '../../recorder/recorder.js'
import { readText, withPlace } from '../../source/whole-text.js'

const START = /"start_step"\s*:/
const INTERVAL = /"step_interval"\s*:/
const decoder = new TextDecoder('latin1')

/** step → value of one metric; `values` is an object keyed by step, or (older files) an array. */
function valuesOf(metric: { [name: string]: Json }): [number, number][] {
  const start = asNumber(metric.start_step) ?? 0
  const interval = asNumber(metric.step_interval) ?? 1
  const { values } = metric
  const pairs: [number, number | undefined][] = Array.isArray(values)
    ? values.map((v, i) => [start + i * interval, asNumber(v)])
    : Object.entries(asObject(values) ?? {}).map(([step, v]) => [Number(step), asNumber(v)])
  return pairs.filter((p): p is [number, number] => p[1] !== undefined && Number.isFinite(p[0]))
}

/** Without the trailing non-values: they pad the table to `end_step` and are no losses. */
function withoutPadding(values: [number, number][]): [number, number][] {
  let end = values.length
  while (end > 0 && Number.isNaN(values[end - 1][1])) end--
  return values.slice(0, end)
}

/** Megatron-LM's functional-test "golden values": `{metric: {start_step, end_step, step_interval, values}}`. */
export const megatronGoldenReader: LogReader = {
  format: 'megatron-golden',
  recognise(source) {
    const head = decoder.decode(source.head)
    return START.test(head) && INTERVAL.test(head) ? 1 : 0
  },
  async read(source: LogSource): Promise<TrainingRun[]> {
    const text = await readText(source)
    const { value, cut } = withPlace(source.path, () => parseTolerantJson(text))
    const record = new RunRecorder('megatron-golden', source.path)
    const byStep = new Map<number, [ColumnName, number][]>()
    let padding = 0
    for (const [name, raw] of Object.entries(asObject(value) ?? {})) {
      const metric = asObject(raw)
      const field = fieldOf(name)?.field
      if (metric === undefined || field === undefined || field === 'step') continue
      const all = valuesOf(metric)
      const kept = withoutPadding(all)
      if (field === 'loss') padding = all.length - kept.length
      for (const [step, v] of kept) {
        const row = byStep.get(step) ?? []
        row.push([field, v])
        byStep.set(step, row)
      }
    }
    let row = 0
    for (const step of [...byStep.keys()].sort((a, b) => a - b)) {
      record.row(step, ++row)
      for (const [column, v] of byStep.get(step) ?? []) record.put(column, v)
    }
    if (padding > 0) record.note('padding', row, `${padding} trailing "nan" fill the table and are no losses`)
    if (cut) record.note('cut-file', row, `${source.path} stops before its JSON ends`)
    return record.finish()
  },
}
