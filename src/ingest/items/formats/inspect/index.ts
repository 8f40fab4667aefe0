import { groupBy } from '../../../../core/index.js'
import { asObject } from '../../../evaluations/row.js'
import { askedHash } from '../../asked.js'
import type { ItemRow, ItemsFormat } from '../../item-row.js'
import { meanOfRepeats, metricScores } from '../../scores.js'

/**
 * A log of Inspect, its samples as rows (`read-log.ts` makes them of a .eval archive or its JSON). Epochs are repeated
 * answers of one model to one item: their mean counts.
 */
export const inspectSamples: ItemsFormat = {
  format: 'Inspect log',
  recognises: (columns) => columns.includes('epoch') && columns.includes('scores'),
  read({ path, rows }, { metric: wished }) {
    const told = rows.map((row) => {
      const byScorer = asObject(row.get('scores')) ?? {}
      const values = Object.entries(byScorer).map(([name, score]) => [name, asObject(score)?.value])
      return { results: Object.fromEntries(values) as Record<string, unknown>, line: row.line }
    })
    const { metric, scores } = metricScores(told, wished, path)
    const of = rows.map((row, r): ItemRow => {
      const id = String(row.get('id'))
      const [task, input] = [row.get('task'), row.get('input')]
      return {
        item: id,
        key: `${id}\u0000${JSON.stringify(row.get('target')) ?? ''}`,
        prompt: JSON.stringify(input),
        ...(typeof input === 'string' ? { asked: askedHash(input) } : {}),
        ...(typeof task === 'string' ? { split: task } : {}),
        metric,
        score: scores[r],
        line: row.line,
      }
    })
    return [...groupBy(of, (row) => row.key).values()].map(meanOfRepeats)
  },
}
