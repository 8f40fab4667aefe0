import type { EvaluationRow, EvaluationsReader } from '../../../../core/index.js'
import { raiseEvaluations } from '../../errors.js'
import { parseJson, parseWhole } from '../../parse-json.js'
import { asNumber, asObject, asText, evaluationRow, type JsonObject } from '../../row.js'

/** Metrics of HELM that are shares of right answers. */
export const HELM_ACCURACIES: ReadonlySet<string> = new Set([
  'exact_match',
  'quasi_exact_match',
  'prefix_exact_match',
  'quasi_prefix_exact_match',
  'f1_score',
])

function listOf(text: string, path: string): JsonObject[] {
  const value = parseWhole(text, path)
  if (!Array.isArray(value)) throw raiseEvaluations('malformed', 'expected a list of statistics', { path })
  return value.map(asObject).filter((o) => o !== null)
}

/** `commonsense:dataset=hellaswag,method=…,model=…` → `hellaswag`; `boolq:model=…` → `boolq`. */
export function helmBenchmark(spec: JsonObject, path: string): string {
  const groups = Array.isArray(spec.groups) ? spec.groups.map(asText).filter((g) => g !== null) : []
  const name = asText(spec.name) ?? path
  const dataset = /(?:dataset|task|subset|subject)=([^,]+)/.exec(name)?.[1]
  const scenario = name.split(':', 1)[0]
  if (dataset === undefined) return groups[0] ?? scenario
  return groups.includes(dataset) || scenario === 'commonsense' ? dataset : `${scenario}_${dataset}`
}

/** A HELM run folder: `stats.json` with `run_spec.json` beside it. */
export const helmReader: EvaluationsReader = {
  format: 'HELM',
  recognise: ({ text }) => {
    const head = text.slice(0, 3000)
    return head.trimStart().startsWith('[') &&
      /"name"\s*:\s*\{\s*"name"/.test(head) &&
      /"count"\s*:/.test(head) &&
      !/"instance_id"/.test(head)
      ? 0.9
      : 0
  },
  read(source) {
    const sibling = source.sibling?.('run_spec.json')
    if (sibling === undefined)
      throw raiseEvaluations(
        'malformed',
        'stats.json of HELM needs run_spec.json beside it, which names model and scenario',
        { path: source.path },
      )
    const spec = parseJson(sibling, source.path.replace(/[^/\\]*$/, 'run_spec.json'))
    const adapter = asObject(spec.adapter_spec)
    const model = asText(adapter?.model) ?? source.path
    const shots = asNumber(adapter?.max_train_instances)
    const stats = listOf(source.text, source.path).map((stat) => ({ stat, name: asObject(stat.name) }))
    const plain = stats.filter(({ name }) => name !== null && name.perturbation === undefined)
    const items = asNumber(plain.find(({ name }) => name?.name === 'num_instances')?.stat.mean)
    const rows: EvaluationRow[] = []
    const splits = new Set(plain.map(({ name }) => asText(name?.split)))
    for (const { stat, name } of plain) {
      const metric = asText(name?.name) ?? ''
      const value = asNumber(stat.mean)
      // One split is the rule; where there are several, `test` is what HELM's tables show.
      if (!HELM_ACCURACIES.has(metric) || value === null || (splits.has('test') && name?.split !== 'test'))
        continue
      rows.push(
        evaluationRow({
          model,
          benchmark: helmBenchmark(spec, source.path),
          metric,
          value,
          n_items: items,
          ...(shots === null ? {} : { shots }),
          source: `${source.path}#${metric}`,
        }),
      )
    }
    return { rows, dropped: [] }
  },
}
