import type { EvaluationRow, EvaluationsReader } from '../../../../core/index.js'
import { raiseEvaluations } from '../../errors.js'
import { parseJson } from '../../parse-json.js'
import { asNumber, asObject, asText, evaluationRow, type JsonObject } from '../../row.js'

const SCHEMA = /"schema"\s*:\s*"assay\/(?:audit|judge|choices)@1"/
const SCORE = 'benchmark-scores.score.'
const ABOVE_CHANCE = 'benchmark-scores.above-chance.'

/** One score with what is known of it. */
interface Told {
  readonly benchmark: string
  readonly metric: string
  readonly estimate: JsonObject | null
  readonly chance: number | null
  readonly shots?: number | null
  readonly place: string
}

/** The metrics of an audit; what guessing gives is told by the score above it: (Q − Q′)/(1 − Q′). */
function ofAudit(file: JsonObject): Told[] {
  const metrics = (Array.isArray(file.metrics) ? file.metrics : []).map(asObject)
  const estimateOf = (id: string): JsonObject | null => asObject(metrics.find((m) => m?.id === id)?.estimate)
  return metrics.flatMap((metric, i): Told[] => {
    const id = asText(metric?.id)
    if (id === null || !id.startsWith(SCORE)) return []
    const benchmark = id.slice(SCORE.length)
    const estimate = asObject(metric?.estimate)
    const [score, above] = [estimate, estimateOf(ABOVE_CHANCE + benchmark)].map((e) => asNumber(e?.value))
    const chance =
      score === null || above === null || above >= 1
        ? null
        : Math.round((1e9 * (score - above)) / (1 - above)) / 1e9
    return [{ benchmark, metric: 'score', estimate, chance, place: `metrics[${i}]` }]
  })
}

function ofChoices(file: JsonObject): Told[] {
  return (Array.isArray(file.tasks) ? file.tasks : []).map(asObject).flatMap((task, i): Told[] => {
    const [benchmark, metric] = [asText(task?.task), asText(task?.main)]
    if (task === null || benchmark === null || metric === null) return []
    const place = `tasks[${i}].${metric}`
    return [
      {
        benchmark,
        metric,
        estimate: asObject(task[metric]),
        chance: asNumber(task.chance),
        shots: asNumber(task.shots),
        place,
      },
    ]
  })
}

/** `report.json` of an audit, and the JSON of `assay choices`: benchmark scores of one model. */
export const assayReader: EvaluationsReader = {
  format: 'assay',
  recognise: ({ text }) => (text.trimStart().startsWith('{') && SCHEMA.test(text) ? 0.97 : 0),
  read({ path, text }) {
    const file = parseJson(text, path)
    const model = asObject(file.model)
    const name = asText(model?.name)
    if (name === null)
      throw raiseEvaluations('malformed', 'no member "model" with a name: it tells no model’s scores', {
        path,
      })
    const rows: EvaluationRow[] = []
    const dropped: { source: string; reason: string }[] = []
    const told = Array.isArray(file.tasks) ? ofChoices(file) : ofAudit(file)
    for (const { benchmark, metric, estimate, chance, shots = null, place } of told) {
      const source = `${path}#${place}`
      const value = asNumber(estimate?.value)
      if (value === null) dropped.push({ source, reason: asText(estimate?.reason) ?? 'it has no value' })
      else
        rows.push(
          evaluationRow({
            model: name,
            params: asNumber(model?.params),
            benchmark,
            metric,
            value,
            n_items: asNumber(estimate?.n),
            chance,
            ...(shots === null ? {} : { shots }),
            source,
          }),
        )
    }
    return { rows, dropped }
  },
}
