import { counted, type EvaluationRow, groupBy, isLowerBetter } from '../../core/index.js'
import { refuse } from '../items/offences.js'

const fileOf = ({ source }: EvaluationRow): string => source.replace(/(?:#.*|:\d+)$/, '')

/**
 * Percentages as shares: a file's values of a metric are all the one or all the other. A metric with values outside of 0 to 100 is
 * no accuracy, and neither is one of which less is better: they stay as they are.
 *
 * @throws items/percent naming the rows where a file mixes both
 */
export function asShares(rows: readonly EvaluationRow[], notes: string[]): EvaluationRow[] {
  return [...groupBy(rows, (row) => `${fileOf(row)}\u0000${row.metric}`).values()].flatMap((own) => {
    const first = own.find(({ value }) => value > 1)
    if (
      first === undefined ||
      isLowerBetter(first.metric) ||
      own.some(({ value }) => value < 0 || value > 100)
    )
      return own
    const small = own.filter(({ value }) => value > 0 && value <= 1)
    if (small.length > 0)
      refuse(
        'percent',
        [first, ...small].map(({ source, metric, value }) => ({
          place: { path: source },
          message: `${metric} is ${value}, beside ${value > 1 ? 'shares' : 'percentages'} in the same file`,
        })),
      )
    notes.push(
      `${fileOf(first)}: ${counted(own.length, 'score in percent was', 'scores in percent were')} divided by 100`,
    )
    return own.map((row) => ({ ...row, value: row.value / 100 }))
  })
}

/**
 * Every score once: results are often written in two forms beside each other, which tell the same number.
 *
 * @throws items/repeated naming the rows where one checkpoint of a model has two other scores of one kind
 */
export function distinctScores(rows: readonly EvaluationRow[]): EvaluationRow[] {
  const first = new Map<string, EvaluationRow>()
  refuse(
    'repeated',
    rows.flatMap((row) => {
      const { model, family, checkpoint, benchmark, metric, subset, k } = row
      const key = [family, model, checkpoint, benchmark, metric, subset, k].join('\u0000')
      const before = first.get(key)
      if (before === undefined) {
        first.set(key, row)
        return []
      }
      if (before.value === row.value && fileOf(before) !== fileOf(row)) return []
      return [
        {
          place: { path: row.source },
          message: `${metric} of ${model}${checkpoint === null ? '' : ` (${checkpoint})`} on ${benchmark} stands at ${before.source}, too`,
        },
      ]
    }),
  )
  return [...first.values()]
}
