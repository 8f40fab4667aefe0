import { lightevalShots } from '../../../evaluations/formats/lighteval/index.js'
import { asObject, type JsonObject } from '../../../evaluations/row.js'
import type { RecordRow } from '../../../records/read-records.js'
import { reason } from '../../../text/unpack.js'
import { askedHash } from '../../asked.js'
import { raiseItems } from '../../errors.js'
import type { ItemRow, ItemsFormat } from '../../item-row.js'
import { metricScores } from '../../scores.js'

/**
 * The first of these columns that is an object, or JSON of one.
 *
 * @throws items/malformed
 */
function member(path: string, row: RecordRow, ...names: readonly string[]): JsonObject {
  for (const field of names) {
    const cell = row.get(field)
    if (typeof cell === 'string' && cell.startsWith('{'))
      try {
        return asObject(JSON.parse(cell)) ?? {}
      } catch (error) {
        throw raiseItems('malformed', reason(error), { path, line: row.line, field }, error)
      }
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
    const [named] = /(?<=details_).+?(?=_\d{4}-\d\d-\d\dT)/.exec(path.split(/[/\\]/).at(-1) ?? '') ?? []
    const { metric, scores } = metricScores(
      rows.map((row) => ({ results: member(path, row, 'metric', 'metrics'), line: row.line })),
      wished,
      path,
    )
    return rows.map((row, r): ItemRow => {
      const doc = member(path, row, 'doc')
      // A renamed file's documents still tell it.
      const task = named ?? (text(doc.task_name) || undefined)
      const document = text(row.get('example') ?? doc.query) ?? ''
      const right = text(row.get('gold_index') ?? row.get('gold') ?? doc.gold_index) ?? ''
      const prompt = text(row.get('full_prompt') ?? member(path, row, 'model_response').input)
      const shots = task === undefined ? null : lightevalShots(task)
      return {
        item: text(doc.id) ?? String(row.line - 1),
        key: `${document}\u0000${right}`,
        ...(task === undefined ? {} : { split: task }),
        ...(prompt === undefined ? {} : { prompt, asked: askedHash(prompt) }),
        metric,
        ...(shots === null ? {} : { shots }),
        score: scores[r],
        line: row.line,
      }
    })
  },
}
