import { commonMetric, rightOrWrongOf, sameMetric } from '../../core/index.js'
import { decimal } from '../text/decimal.js'
import { raiseItems } from './errors.js'
import type { ItemsOptions } from './item-row.js'
import { refuse } from './offences.js'

/** Right and wrong in words: Inspect's C, I, P and N. */
const GRADES: Readonly<Record<string, number>> = { c: 1, i: 0, p: 0.5, n: 0, true: 1, false: 0 }

/** A score of one item as a number, or null for anything else. */
export function scoreOf(cell: unknown): number | null {
  if (typeof cell === 'boolean') return cell ? 1 : 0
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null
  if (typeof cell !== 'string' || cell.trim() === '') return null
  const value = GRADES[cell.trim().toLowerCase()] ?? decimal(cell)
  return Number.isFinite(value) ? value : null
}

/** What a row tells of an item by metric. */
interface RowResults {
  readonly results: Readonly<Record<string, unknown>>
  readonly line: number
}

/**
 * The metric of a file, and its scores by row: the wished one (by its name, or another tool's), else the first known one, else the first that is a number in any row.
 *
 * @throws items/no-metric naming every row that lacks it: another metric of that row is no stand-in
 */
export function metricScores(
  rows: readonly RowResults[],
  wished: string | undefined,
  path: string,
): { readonly metric: string; readonly scores: readonly number[] } {
  const numeric = [
    ...new Set(
      rows.flatMap(({ results }) => Object.keys(results).filter((name) => scoreOf(results[name]) !== null)),
    ),
  ]
  const plain = (name: string): string => name.toLowerCase().split(/[,/]/)[0]
  const found =
    wished === undefined
      ? rightOrWrongOf(numeric, plain)
      : (numeric.find((name) => name === wished) ??
        numeric.find((name) => sameMetric(name, wished) === 'same'))
  if (found === undefined)
    throw raiseItems(
      'no-metric',
      `found ${numeric.join(', ') || 'no metric that is a number'}${wished === undefined ? '' : `, expected "${wished}"`}`,
      { path },
    )
  const scores = rows.map(({ results }) => scoreOf(results[found]))
  refuse(
    'no-metric',
    rows.flatMap(({ results, line }, r) =>
      scores[r] === null
        ? [
            {
              place: { path, line, field: found },
              message: `found ${JSON.stringify(results[found]) ?? 'nothing'}, expected a score, as other rows have it`,
            },
          ]
        : [],
    ),
  )
  return { metric: plain(found), scores: scores.filter((score) => score !== null) }
}

/** The metric of items that name none. */
export const NO_METRIC = 'a metric without a name'

/**
 * A metric or filter that was asked for is one of the results': others are no stand-in.
 *
 * @param found      metrics of all results, by any tool's name
 * @param hasFilters whether any results are samples of lm-evaluation-harness, whose reader looks for the filter
 * @throws items/no-metric saying which there are
 */
export function requireWished(
  { metric, filter }: ItemsOptions,
  found: Iterable<string | undefined>,
  hasFilters: boolean,
  path: string,
): void {
  const names = [...new Set(found)]
  const base = (name: string): string => commonMetric(name).split('/')[0]
  if (metric !== undefined && !names.some((name) => name !== undefined && base(name) === base(metric)))
    throw raiseItems(
      'no-metric',
      `found ${names.map((name) => name ?? NO_METRIC).join(', ') || 'no score'}, expected "${metric}"`,
      { path, field: '--metric' },
    )
  if (filter !== undefined && !hasFilters)
    throw raiseItems('no-metric', `no results have filters, expected "${filter}"`, {
      path,
      field: '--filter',
    })
}

/** ln p(right choice) − ln p(best other), or undefined where the right one is not among several. */
export function marginOf(logLikelihoods: readonly number[], right: number): number | undefined {
  const others = logLikelihoods.filter((_, i) => i !== right)
  const own = logLikelihoods[right]
  const margin = own - Math.max(...others)
  return others.length > 0 && Number.isFinite(margin) ? margin : undefined
}

/** Repeated answers of one model to one item as one row: their mean counts. */
export function meanOfRepeats<Row extends { readonly score: number }>(repeats: readonly Row[]): Row {
  return { ...repeats[0], score: repeats.reduce((sum, row) => sum + row.score, 0) / repeats.length }
}
