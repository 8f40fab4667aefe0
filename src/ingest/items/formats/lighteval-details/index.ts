import { asObject, type JsonObject } from '../../../evaluations/row.js'
import type { RecordRow } from '../../../records/read-records.js'
import type { ItemRow, ItemsFormat } from '../../item-row.js'
import { chooseMetric, scoreOf } from '../../scores.js'

function member(row: RecordRow, ...names: readonly string[]): JsonObject {
  for (const name of names) {
    const cell = row.get(name)
    if (typeof cell === 'string' && cell.startsWith('{')) return asObject(JSON.parse(cell)) ?? {}
    const object = asObject(cell)
    if (object !== null) return object
  }
  return {}
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

/**
 * `details_<task>_<date>.parquet` of lighteval: `metrics`, `example` and `full_prompt` up to 0.9, then `metric`, `doc` and
 * `model_response`. An item is its document and what is right of it.
 */
export const lightevalDetails: ItemsFormat = {
  format: 'lighteval details',
  recognises: (columns) =>
    (columns.includes('metric') || columns.includes('metrics')) &&
    (columns.includes('doc') || columns.includes('full_prompt')),
  read({ path, rows }, { metric: wished }) {
    const [task] = /(?<=details_).+?(?=_\d{4}-\d\d-\d\dT)/.exec(path.split(/[/\\]/).at(-1) ?? '') ?? []
    return rows.map((row): ItemRow => {
      const results = member(row, 'metric', 'metrics')
      const metric = chooseMetric(results, wished, { path, line: row.line })
      const doc = member(row, 'doc')
      const document = text(row.get('example') ?? doc.query) ?? ''
      const right = text(row.get('gold_index') ?? row.get('gold') ?? doc.gold_index) ?? ''
      const prompt = text(row.get('full_prompt') ?? member(row, 'model_response').input)
      return {
        item: text(doc.id) ?? String(row.line - 1),
        key: `${document}\u0000${right}`,
        ...(task === undefined ? {} : { split: task }),
        ...(prompt === undefined ? {} : { prompt }),
        score: scoreOf(results[metric]) ?? Number.NaN,
        line: row.line,
      }
    })
  },
}
