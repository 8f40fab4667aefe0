import type { EvaluationRow, EvaluationsReader } from '../../../../core/index.js'
import { raiseEvaluations } from '../../errors.js'
import { parseJson } from '../../parse-json.js'
import { asNumber, asObject, asText, evaluationRow, type JsonObject } from '../../row.js'

/** Members of a task's results that are no metric. */
const NOT_METRICS = new Set(['alias', 'name', 'sample_len', 'sample_count', 'samples'])

/** `pretrained=org/name,revision=step3000,dtype=…` or the same as an object. */
function modelArguments(config: JsonObject | null): Map<string, string> {
  const args = config?.model_args
  const object = asObject(args)
  if (object !== null) return new Map(Object.entries(object).map(([k, v]) => [k, String(v)]))
  const pairs = typeof args === 'string' ? args.split(',') : []
  return new Map(
    pairs
      .filter((p) => p.includes('='))
      .map((p) => [p.slice(0, p.indexOf('=')).trim(), p.slice(p.indexOf('=') + 1).trim()]),
  )
}

interface Evaluated {
  readonly model: string
  readonly checkpoint: string | null
  readonly params: number | null
}

function evaluatedModel(file: JsonObject, path: string): Evaluated {
  const config = asObject(file.config)
  const args = modelArguments(config)
  const model =
    args.get('pretrained') ?? args.get('model') ?? asText(file.model_name) ?? asText(config?.model) ?? path
  const revision = args.get('revision') ?? asText(config?.model_revision)
  return {
    model,
    checkpoint: revision === 'main' || revision === null || revision === undefined ? null : revision,
    params: asNumber(config?.model_num_parameters),
  }
}

/** One task's members as rows; `acc,none` and (before 0.4) `acc` alike. */
function rowsOfTask(
  task: string,
  results: JsonObject,
  file: JsonObject,
  evaluated: Evaluated,
  path: string,
  dropped: { source: string; reason: string }[],
): EvaluationRow[] {
  const higher = asObject(asObject(file.higher_is_better)?.[task])
  const samples = asObject(asObject(file['n-samples'])?.[task])
  const shots = asNumber(asObject(file['n-shot'])?.[task]) ?? asNumber(asObject(file.config)?.num_fewshot)
  const items = asNumber(samples?.effective) ?? asNumber(results.sample_len)
  const out: EvaluationRow[] = []
  for (const [key, cell] of Object.entries(results)) {
    const [metric, filter] = key.split(',')
    if (NOT_METRICS.has(metric) || metric.endsWith('_stderr')) continue
    const source = `${path}#results.${task}.${key}`
    const value = asNumber(cell)
    if (value === null)
      dropped.push({ source, reason: `found ${JSON.stringify(cell) ?? String(cell)}, expected a number` })
    else if (higher?.[metric] === false)
      dropped.push({ source, reason: `${metric}: lower is better, no accuracy to forecast` })
    else
      out.push(
        evaluationRow({
          ...evaluated,
          benchmark: task,
          metric: filter === undefined || filter === 'none' ? metric : `${metric}/${filter}`,
          value,
          n_items: items,
          ...(shots === null ? {} : { shots }),
          source,
        }),
      )
  }
  return out
}

/** Results of EleutherAI's lm-evaluation-harness: 0.4 (`acc,none`) and before (`acc`). */
export const lmEvalReader: EvaluationsReader = {
  format: 'lm-evaluation-harness',
  recognise({ text }) {
    const head = text.trimStart()
    if (!head.startsWith('{') || !/"results"\s*:/.test(text)) return 0
    if (/"config_general"\s*:/.test(text)) return 0
    return /"(?:versions|model_args|n-shot|lm_eval_version)"\s*:/.test(text) ? 0.9 : 0.4
  },
  read(source) {
    const file = parseJson(source.text, source.path)
    const results = asObject(file.results)
    if (results === null) throw raiseEvaluations('malformed', 'no member "results"', { path: source.path })
    const evaluated = evaluatedModel(file, source.path)
    const dropped: { source: string; reason: string }[] = []
    const rows = Object.entries(results).flatMap(([task, members]) => {
      const object = asObject(members)
      if (object === null) return []
      return rowsOfTask(task, object, file, evaluated, source.path, dropped)
    })
    return { rows, dropped }
  },
}
