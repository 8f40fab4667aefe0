import { type ComparedBenchmark, counted, sameMetric } from '../../core/index.js'
import { raiseItems } from '../items/errors.js'
import { refuse } from '../items/offences.js'
import { keyed, otherPrompts } from '../items/pairing.js'
import type { SubjectRow } from './read-subject.js'

/** A model's rows on one benchmark; none where its results do not tell items. */
interface ModelRows {
  readonly model: string
  readonly rows: readonly SubjectRow[]
}

/** What can say that two rows are one item: document and target, the prompt's text, or the name in a table. */
const WAYS = ['key', 'asked', 'item'] as const
type Way = (typeof WAYS)[number]

const isTable = (row: SubjectRow): boolean => row.format === 'tidy table'

/** Names of known items by one way, those alone that are one item's. */
function namesBy(known: readonly SubjectRow[], way: Way): Map<string, string> {
  const names = new Map<string, string>()
  const twice = new Set<string>()
  for (const row of known) {
    const name = row[way]
    if (name === undefined) continue
    if (names.has(name) && names.get(name) !== row.key) twice.add(name)
    names.set(name, row.key)
  }
  for (const name of twice) names.delete(name)
  return names
}

/** Rows under the names of the items that are known already, by the way that finds the most of them. */
function inNamesOf(
  known: readonly SubjectRow[],
  own: readonly SubjectRow[],
): { readonly rows: readonly SubjectRow[]; readonly way: Way; readonly found: number } {
  const ways = WAYS.filter((way) => way !== 'item' || isTable(own[0]) || known.some(isTable))
  const tried = ways.map((way) => {
    const names = namesBy(known, way)
    const rows = own.map((row) => {
      const key = names.get(row[way] ?? '')
      return key === undefined ? row : { ...row, key }
    })
    return { rows, way, found: own.filter((row) => names.has(row[way] ?? '')).length }
  })
  return tried.reduce((best, next) => (next.found > best.found ? next : best))
}

/** Items of one benchmark over all models. */
type PairedItems = Pick<ComparedBenchmark, 'clusters' | 'scores' | 'metric'> & {
  /** As the first model that has it calls each, shape (items). */
  readonly names: readonly string[]
}

/** @throws items/other-metric where two metrics are known to be others, or one tool writes them under two names */
function requireOneMetric(benchmark: string, models: readonly ModelRows[]): void {
  const told = models.flatMap(({ rows: [row] }) =>
    row?.metric === undefined ? [] : [{ ...row, metric: row.metric }],
  )
  for (const [i, own] of told.entries())
    for (const first of told.slice(0, i)) {
      const same = sameMetric(first.metric, own.metric)
      if (same === 'other' || (same === 'unknown' && first.format === own.format))
        throw raiseItems(
          'other-metric',
          `${benchmark} is in ${own.metric} here, in ${first.metric} at ${first.path}`,
          { path: own.path },
        )
    }
}

const scoredBy = ({ metric, format }: SubjectRow): string =>
  metric === undefined ? format : `${metric} of ${format}`

/**
 * Pair a benchmark's items over all models, whatever the order of their rows; what a model lacks is null.
 *
 * @throws items/other-items, items/other-prompts, items/other-metric naming the rows
 */
export function pairModels(benchmark: string, models: readonly ModelRows[], notes: string[]): PairedItems {
  requireOneMetric(benchmark, models)
  const known: SubjectRow[] = []
  const renamed = models.map(({ model, rows }) => {
    if (rows.length === 0) return { model, rows }
    const own = keyed(rows, () => '')
    const paired =
      known.length === 0 ? { rows: own, way: 'key' as Way, found: own.length } : inNamesOf(known, own)
    if (paired.found === 0)
      refuse(
        'other-items',
        [...own.slice(0, 3), ...known.slice(0, 3)].map((row) => ({
          place: { path: row.path, line: row.line },
          message: `${benchmark}: item ${row.item} was answered here`,
        })),
      )
    const alike = known.filter((row) => row.format === own[0].format)
    refuse(
      'other-prompts',
      otherPrompts(paired.rows, alike, () => ''),
    )
    if (paired.way !== 'key')
      notes.push(
        `${benchmark}: items of ${model} were paired by ${paired.way === 'asked' ? 'the text of their prompts' : 'their names'}, since documents are told in other ways`,
      )
    if (known.length > 0 && alike.length === 0)
      notes.push(
        `${benchmark}: ${model} was scored by another tool (${scoredBy(own[0])}, not ${scoredBy(known[0])}): a difference may be the tool's`,
      )
    const seen = new Set(known.map((row) => row.key))
    known.push(...paired.rows.filter((row) => !seen.has(row.key) || alike.length === 0))
    return { model, rows: paired.rows }
  })
  const index = new Map<string, number>()
  const names: string[] = []
  for (const row of known) {
    if (index.has(row.key)) continue
    index.set(row.key, index.size)
    names.push(row.item)
  }
  const clusterOf = new Map<string, number>()
  const clusters = new Int32Array(index.size).fill(-1)
  for (const { rows } of renamed)
    for (const row of rows) {
      const i = index.get(row.key) ?? 0
      if (row.cluster === undefined || clusters[i] >= 0) continue
      const number = clusterOf.get(row.cluster) ?? index.size + clusterOf.size
      clusterOf.set(row.cluster, number)
      clusters[i] = number
    }
  const scores = renamed.map(({ model, rows }) => {
    if (rows.length === 0) return undefined
    const own = new Array<number | null>(index.size).fill(null)
    for (const row of rows) own[index.get(row.key) ?? 0] = row.score
    const missing = index.size - rows.length
    if (missing > 0)
      notes.push(
        `${benchmark}: ${model} answered ${rows.length} of the ${counted(index.size, 'item')} that any model did; a pair is compared on those that both answered`,
      )
    return own
  })
  const metric = models.flatMap(({ rows }) => rows[0]?.metric ?? [])[0]
  return {
    clusters: clusters.map((cluster, i) => (cluster < 0 ? i : cluster)),
    scores,
    names,
    ...(metric === undefined ? {} : { metric }),
  }
}
