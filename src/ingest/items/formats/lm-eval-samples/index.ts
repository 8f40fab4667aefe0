import type { RecordRow } from '../../../records/read-records.js'
import { raiseItems } from '../../errors.js'
import type { ItemRow, ItemsFormat } from '../../item-row.js'
import { marginOf, metricScores } from '../../scores.js'

/** Members of a sample that are no metric. */
const NOT_METRICS = new Set([
  'doc_id',
  'doc',
  'target',
  'arguments',
  'resps',
  'filtered_resps',
  'filter',
  'metrics',
])

function metricsOf(row: RecordRow, columns: readonly string[]): Record<string, unknown> {
  const named = row.get('metrics')
  const names = Array.isArray(named)
    ? named.map(String)
    : columns.filter((c) => !NOT_METRICS.has(c) && !c.endsWith('_hash'))
  return Object.fromEntries(names.map((name) => [name, row.get(name)]))
}

/** Of a multiple choice `filtered_resps` are pairs of log-likelihood and "greedy", and the target is an index. */
function marginOfChoices(row: RecordRow): number | undefined {
  const responses = row.get('filtered_resps')
  const target = row.get('target')
  if (!Array.isArray(responses) || !/^\d+$/.test(String(target))) return undefined
  const pairs = responses.map((r) => (Array.isArray(r) ? Number(r[0]) : Number.NaN))
  return marginOf(pairs, Number(target))
}

/** `samples_<task>_<date>.jsonl` of lm-evaluation-harness: a row an item and filter. */
export const lmEvalSamples: ItemsFormat = {
  format: 'lm-evaluation-harness samples',
  recognises: (columns) =>
    columns.includes('doc_id') && (columns.includes('doc_hash') || columns.includes('filtered_resps')),
  read({ path, columns, rows }, options) {
    const [task] =
      /(?<=samples_).+?(?=_\d{4}-\d\d-\d\dT|\.jsonl)/.exec(path.split(/[/\\]/).at(-1) ?? '') ?? []
    const filter = options.filter ?? rows[0]?.get('filter')
    const own = rows.filter((row) => row.get('filter') === filter)
    if (own.length === 0) throw raiseItems('no-metric', `no row has the filter "${String(filter)}"`, { path })
    const scores = metricScores(
      own.map((row) => ({ results: metricsOf(row, columns), line: row.line })),
      options.metric,
      path,
    )
    return own.map((row, r): ItemRow => {
      const id = String(row.get('doc_id'))
      const [doc, target, prompt] = ['doc_hash', 'target_hash', 'prompt_hash'].map((name) => row.get(name))
      const margin = marginOfChoices(row)
      return {
        item: id,
        key: typeof doc === 'string' ? `${doc}/${String(target)}` : id,
        ...(task === undefined ? {} : { split: task }),
        ...(typeof prompt === 'string' ? { prompt } : {}),
        score: scores[r],
        ...(margin === undefined ? {} : { margin }),
        line: row.line,
      }
    })
  },
}
