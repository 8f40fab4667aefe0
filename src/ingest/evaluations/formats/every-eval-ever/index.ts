import type { EvaluationRow, EvaluationsReader } from '../../../../core/index.js'
import { parseJson } from '../../parse-json.js'
import { asNumber, asObject, asText, evaluationRow } from '../../row.js'

/** The neutral interchange schema of every_eval_ever (0.2 and 0.3): `evaluation_results[].score_details.score`. */
export const everyEvalEverReader: EvaluationsReader = {
  format: 'every_eval_ever',
  recognise: ({ text }) =>
    text.trimStart().startsWith('{') && /"evaluation_results"\s*:/.test(text) && /"model_info"\s*:/.test(text)
      ? 0.95
      : 0,
  read(source) {
    const file = parseJson(source.text, source.path)
    const info = asObject(file.model_info)
    const details = asObject(info?.additional_details)
    const model = asText(info?.id) ?? asText(info?.name) ?? source.path
    const rows: EvaluationRow[] = []
    const dropped: { source: string; reason: string }[] = []
    const results = Array.isArray(file.evaluation_results) ? file.evaluation_results : []
    results.map(asObject).forEach((result, i) => {
      const place = `${source.path}#evaluation_results[${i}]`
      if (result === null) return
      const config = asObject(result.metric_config)
      const score = asObject(result.score_details)
      const value = asNumber(score?.score)
      const benchmark = asText(result.evaluation_name)
      if (benchmark === null || value === null) {
        dropped.push({
          source: place,
          reason: `score is ${JSON.stringify(score?.score) ?? 'missing'}, expected a number`,
        })
        return
      }
      if (config?.lower_is_better === true) {
        dropped.push({ source: place, reason: `${benchmark}: lower is better, no accuracy to forecast` })
        return
      }
      // A declared maximum of 100 (or the unit) tells percentages apart from shares for certain.
      const percent = config?.metric_unit === 'percent' || asNumber(config?.max_score) === 100
      const k = asNumber(asObject(config?.metric_parameters)?.k)
      rows.push(
        evaluationRow({
          model,
          params: asNumber(details?.num_parameters) ?? asNumber(details?.params),
          tokens: asNumber(details?.training_tokens) ?? asNumber(details?.tokens),
          flops: asNumber(details?.training_flops) ?? asNumber(details?.flops),
          benchmark,
          metric:
            asText(config?.metric_id) ??
            asText(config?.metric_name) ??
            asText(config?.evaluation_description) ??
            'score',
          value: percent ? value / 100 : value,
          n_items:
            asNumber(asObject(score?.uncertainty)?.num_samples) ??
            asNumber(asObject(result.source_data)?.samples_number),
          k: k === 1 ? null : k,
          source: place,
        }),
      )
    })
    return { rows, dropped }
  },
}
