import { knownChance } from '../../../../core/index.js'
import { listed } from '../../../../core/text/counted.js'
import { headerOf } from './header.js'
import { numberOf } from './numbers.js'
import { type Chosen, isMissing, plain, type Table } from './tidy-columns.js'

/** A column that holds the scores of one benchmark. */
export interface BenchmarkColumn extends Chosen {
  readonly benchmark: string
  readonly metric: string
}

/** Benchmarks of a table that has a column for each, and what its reader must be told. */
export interface Wide {
  readonly columns: readonly BenchmarkColumn[]
  readonly notes: readonly string[]
}

const METRIC = /[\s/_.]+(acc_norm|acc|accuracy|exact_match|em|f1|pass@1|mc1|mc2)(?:,none)?$/i
const ERRORS = /std ?err|stderr|stdev|_ci$|± ?$/i
/** Leaderboards give scores above chance and, beside them, `X Raw`, the accuracy itself. */
const RAW = /\s+raw$/i
/** Columns that are named in a note; of more, so many and their number. */
const NAMED = 12

const named = (names: readonly string[]): string => listed(names, NAMED)

function isNumeric({ rows, isComma }: Table, column: string): boolean {
  const cells = rows.map((row) => row.get(column)).filter((cell) => !isMissing(cell))
  return (
    cells.length > 0 && 2 * cells.filter((cell) => numberOf(cell, 1, isComma) !== null).length >= cells.length
  )
}

function benchmarkOf(column: string): { benchmark: string; metric: string; factor: number | null } {
  const { name, factor } = headerOf(column)
  const metric = METRIC.exec(name)
  const bare = metric === null ? name : name.slice(0, metric.index)
  return { benchmark: bare.replace(RAW, '').trim(), metric: metric?.[1].toLowerCase() ?? 'acc', factor }
}

/**
 * The columns of a table that are benchmarks: numbers under a name that is known, or that the user names. Scores are
 * percentages where most of them all are above 1; a column without any above 1 among such ones is left out, since nobody
 * can tell.
 *
 * @param taken columns that hold something else
 * @param asked names of the user's (`--benchmarks`)
 */
export function wideColumns(table: Table, taken: ReadonlySet<string>, asked: readonly string[]): Wide {
  const wanted = new Set(asked)
  const isAsked = (column: string): boolean => wanted.has(column) || wanted.has(benchmarkOf(column).benchmark)
  const numeric = table.columns.filter(
    (column) => !taken.has(column) && !ERRORS.test(column) && isNumeric(table, column),
  )
  const isKnown = (column: string): boolean =>
    isAsked(column) || knownChance(plain(benchmarkOf(column).benchmark)) !== null
  const raw = new Set(
    numeric.filter((c) => isKnown(c) && RAW.test(headerOf(c).name)).map((c) => benchmarkOf(c).benchmark),
  )
  const columns = numeric.filter(
    (c) => isKnown(c) && (!raw.has(benchmarkOf(c).benchmark) || RAW.test(headerOf(c).name)),
  )
  if (columns.length === 0) return { columns: [], notes: [] }
  const valuesOf = (column: string): number[] =>
    table.rows.flatMap((row) => numberOf(row.get(column), 1, table.isComma) ?? [])
  const untold = columns.filter((c) => headerOf(c).factor === null)
  const values = untold.flatMap(valuesOf)
  const isPercent = 2 * values.filter((v) => v > 1).length > values.length
  const unclear = isPercent ? untold.filter((c) => valuesOf(c).every((v) => v <= 1)) : []
  const read = columns.filter((c) => !unclear.includes(c))
  const others = numeric.filter((c) => !isKnown(c))
  return {
    columns: read.map((column) => {
      const { benchmark, metric, factor } = benchmarkOf(column)
      const isNamed = wanted.has(column)
      return {
        column,
        benchmark: isNamed ? column : benchmark,
        metric,
        factor: factor ?? (isPercent ? 0.01 : 1),
      }
    }),
    notes: [
      `a column a benchmark: ${named(read)}${isPercent ? ' (in percent)' : ''}`,
      ...(raw.size === 0 ? [] : ['of scores above chance and raw ones, the raw ones are read']),
      ...(others.length === 0
        ? []
        : [
            `no benchmark that is known by name: ${named(others)}; name those that are benchmarks by --benchmarks`,
          ]),
      ...unclear.map(
        (c) =>
          `${c} is left out: no score above 1 beside percentages; write "${c} (%)" or "${c} (share)" in the table’s header`,
      ),
    ],
  }
}
