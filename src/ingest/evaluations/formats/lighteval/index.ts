import type { EvaluationRow, EvaluationsReader } from '../../../../core/index.js'
import { parseJson } from '../../parse-json.js'
import { asNumber, asObject, asText, evaluationRow } from '../../row.js'

/** `lighteval|arc:easy|0|0` and `arc:easy|0` → `arc_easy`; aggregates end in `_average`. */
export function lightevalBenchmark(key: string): string {
  const parts = key.split('|')
  const task = parts.length >= 3 ? parts[1] : parts[0]
  return task.replaceAll(':', '_')
}

/** `lighteval|arc:easy|25|0` and `arc:easy|25` → 25. */
export function lightevalShots(key: string): number | null {
  const parts = key.split('|')
  return asNumber(parts.length >= 3 ? parts[2] : parts[1])
}

/** Results of Hugging Face's lighteval: `config_general` and `results["suite|task|shots"]`. */
export const lightevalReader: EvaluationsReader = {
  format: 'lighteval',
  recognise: ({ text }) =>
    text.trimStart().startsWith('{') && /"config_general"\s*:/.test(text) && /"results"\s*:/.test(text)
      ? 0.95
      : 0,
  read(source) {
    const file = parseJson(source.text, source.path)
    const general = asObject(file.config_general)
    const config = asObject(general?.model_config)
    const model =
      asText(general?.model_name) ?? asText(config?.model_name) ?? asText(config?.pretrained) ?? source.path
    const revision = asText(config?.revision)
    const tasks = asObject(file.config_tasks) ?? {}
    const rows: EvaluationRow[] = []
    const dropped: { source: string; reason: string }[] = []
    for (const [key, members] of Object.entries(asObject(file.results) ?? {})) {
      const object = asObject(members)
      // `all` averages unlike tasks: no benchmark.
      if (key === 'all' || object === null) continue
      const shots = lightevalShots(key)
      const task = asObject(tasks[key] ?? tasks[key.split('|').slice(0, 2).join('|')])
      for (const [metric, cell] of Object.entries(object)) {
        if (metric.endsWith('_stderr')) continue
        const place = `${source.path}#results.${key}.${metric}`
        const value = asNumber(cell)
        if (value === null)
          dropped.push({
            source: place,
            reason: `found ${JSON.stringify(cell) ?? String(cell)}, expected a number`,
          })
        else
          rows.push(
            evaluationRow({
              model,
              checkpoint: revision === 'main' ? null : revision,
              params: asNumber(general?.model_num_parameters),
              benchmark: lightevalBenchmark(key),
              metric,
              value,
              n_items: asNumber(task?.effective_num_docs) ?? asNumber(task?.original_num_docs),
              ...(shots === null ? {} : { shots }),
              source: place,
            }),
          )
      }
    }
    return { rows, dropped }
  },
}
