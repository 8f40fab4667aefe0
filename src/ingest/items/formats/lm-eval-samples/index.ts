import { asObject } from '../../../evaluations/row.js'
import type { RecordRow } from '../../../records/read-records.js'
import { askedHash } from '../../asked.js'
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
  'cluster',
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

/** What stands before the answer in the first request: `gen_args_0.arg_0`, or of older versions the first of the first pair. */
function askedOf(row: RecordRow): string | undefined {
  const requests = row.get('arguments')
  const first = Array.isArray(requests) ? requests[0] : asObject(requests)?.gen_args_0
  const prompt = Array.isArray(first) ? first[0] : asObject(first)?.arg_0
  return typeof prompt === 'string' ? askedHash(prompt) : undefined
}

/** Members of a document that several questions share: such items stand and fall together. */
const PASSAGES = ['passage', 'context', 'article', 'story', 'paragraph']

/** What Assay wrote, else the passage of the document. */
function clusterOf(row: RecordRow): string | undefined {
  const cluster = row.get('cluster')
  if (typeof cluster === 'string' && cluster !== '') return cluster
  const doc = asObject(row.get('doc'))
  const text = PASSAGES.map((name) => doc?.[name]).find((cell) => typeof cell === 'string' && cell !== '')
  return text === undefined ? undefined : askedHash(String(text))
}

export const SAMPLES_FORMAT = 'lm-evaluation-harness samples'

/** `samples_<task>_<date>.jsonl` of lm-evaluation-harness: a row an item and filter. */
export const lmEvalSamples: ItemsFormat = {
  format: SAMPLES_FORMAT,
  recognises: (columns) =>
    columns.includes('doc_id') && (columns.includes('doc_hash') || columns.includes('filtered_resps')),
  read({ path, columns, rows }, options) {
    const [task] =
      /(?<=samples_).+?(?=_\d{4}-\d\d-\d\dT|\.jsonl)/.exec(path.split(/[/\\]/).at(-1) ?? '') ?? []
    const filter = options.filter ?? rows[0]?.get('filter')
    const own = rows.filter((row) => row.get('filter') === filter)
    if (own.length === 0) throw raiseItems('no-metric', `no row has the filter "${String(filter)}"`, { path })
    const { metric, scores } = metricScores(
      own.map((row) => ({ results: metricsOf(row, columns), line: row.line })),
      options.metric,
      path,
    )
    const named = filter === undefined || filter === 'none' ? metric : `${metric}/${String(filter)}`
    const clusters = own.map(clusterOf)
    return own.map((row, r): ItemRow => {
      const id = String(row.get('doc_id'))
      const [doc, target, prompt] = ['doc_hash', 'target_hash', 'prompt_hash'].map((name) => row.get(name))
      const margin = marginOfChoices(row)
      const asked = askedOf(row)
      return {
        item: id,
        key: typeof doc === 'string' ? `${doc}/${String(target)}` : id,
        ...(task === undefined ? {} : { split: task }),
        ...(typeof prompt === 'string' ? { prompt } : {}),
        ...(asked === undefined ? {} : { asked }),
        ...(clusters[r] === undefined ? {} : { cluster: clusters[r] }),
        metric: named,
        score: scores[r],
        ...(margin === undefined ? {} : { margin }),
        line: row.line,
      }
    })
  },
}
