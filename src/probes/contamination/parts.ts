import {
  type AskedItem,
  type CleanItems,
  type Estimate,
  type EvidenceByKind,
  estimate,
  groupBy,
  type JudgeContext,
  measureBenchmarks,
  normalQuantile,
  notEstimable,
  type ScoredDocument,
} from '../../core/index.js'
import { measureDomain } from '../held-out-loss/measures.js'
import { judgedModel, mainReading, measureKnowledge } from '../knowledge-retention/measures.js'

/** One thing that the model is measured by, on all items, on those that stand in the corpus and on those that do not. */
export interface Part {
  readonly kind: 'domain' | 'task' | 'facts'
  readonly name: string
  readonly items: number
  readonly contaminated: number
  /** Too short to decide, or not looked up. */
  readonly unknown: number
  readonly all: Estimate
  readonly clean: Estimate
  /** How much better it is on what stands in the corpus than on the clean part, in the unit of the figure. */
  readonly advantage: Estimate
}

/** Its items that are known to be clean. */
export const cleanOf = ({ items, contaminated, unknown }: Part): number => items - contaminated - unknown

/** What a probe of contamination reads beside its own evidence. */
export type Measured = Partial<Pick<EvidenceByKind, 'surprisal' | 'choices' | 'answers'>>

/**
 * a − b of two figures on different items: independent, so that half-widths add in quadrature (docs/methods/corpus.md#contamination).
 *
 * @param of comparisons made: the interval is as wide as Šidák's for all of them together
 */
function difference(a: Estimate, b: Estimate, of: number): Estimate {
  if (a.kind === 'notEstimable') return a
  if (b.kind === 'notEstimable') return b
  const { level } = a.interval
  const wider = normalQuantile((1 + level ** (1 / of)) / 2) / normalQuantile((1 + level) / 2)
  const value = a.value - b.value
  const low = wider * Math.hypot(a.value - a.interval.low, b.interval.high - b.value)
  const high = wider * Math.hypot(a.interval.high - a.value, b.value - b.interval.low)
  return estimate(value, { low: value - low, high: value + high, level }, a.unit, a.n + b.n)
}

type Figure<Row> = (rows: readonly Row[]) => Estimate

/** A part whose rows belong to items; nothing where the table tells of none of them. */
function partOf<Row>(
  about: Pick<Part, 'kind' | 'name'>,
  rows: readonly Row[],
  itemOf: (row: Row) => AskedItem,
  known: CleanItems,
  figure: Figure<Row>,
): (Omit<Part, 'advantage'> & { readonly copied: Estimate }) | undefined {
  const items = [...new Map(rows.map((row) => [itemOf(row)[1], itemOf(row)])).values()]
  if (!known.hasAny(items)) return undefined
  const { contaminated, unknown } = known.count(items)
  const none = notEstimable('it has no items of this kind')
  const figureOf = (kept: readonly Row[]): Estimate => (kept.length === 0 ? none : figure(kept))
  return {
    ...about,
    items: items.length,
    contaminated,
    unknown,
    all: figureOf(rows),
    clean: figureOf(rows.filter((row) => known.isClean(...itemOf(row)))),
    copied: figureOf(rows.filter((row) => known.count([itemOf(row)]).contaminated === 1)),
  }
}

/** What is measured and the table tells nothing of. */
export function notLookedUp({ surprisal, choices, answers }: Measured, parts: readonly Part[]): string[] {
  const names = (kind: Part['kind'], measured: Iterable<string>): string[] =>
    [...new Set(measured)].filter((name) => !parts.some((p) => p.kind === kind && p.name === name))
  return [
    ...names(
      'domain',
      (surprisal?.documents ?? []).map((d) => d.domain),
    ),
    ...names(
      'task',
      (choices?.tasks ?? []).map(({ task }) => task),
    ),
    ...names('facts', answers === undefined ? [] : ['facts']),
  ]
}

/** Everything measured of which the table tells something, part by part. */
export function measureParts(
  { surprisal, choices, answers }: Measured,
  known: CleanItems,
  { random, level }: JudgeContext,
): Part[] {
  const domains = [...groupBy(surprisal?.documents ?? [], (d) => d.domain)].map(([name, documents]) =>
    partOf(
      { kind: 'domain', name },
      documents,
      (d: ScoredDocument): AskedItem => [d.domain, d.document],
      known,
      (rows) => measureDomain(name, rows, random.derive(name), level).bitsPerByte,
    ),
  )
  const byTask = groupBy(choices?.answers ?? [], (a) => a.task)
  const tasks = (choices?.tasks ?? []).map((task) =>
    partOf(
      { kind: 'task', name: task.task },
      byTask.get(task.task) ?? [],
      (a): AskedItem => [a.task, a.item],
      known,
      (rows) =>
        measureBenchmarks({ ...choices!, tasks: [task], answers: rows }, random, level)[0]?.main.estimate ??
        notEstimable('it was not scored'),
    ),
  )
  const model = answers === undefined ? undefined : judgedModel(answers)
  const own = answers?.answers.filter((a) => a.model === model) ?? []
  const facts = partOf(
    { kind: 'facts', name: 'facts' },
    own,
    (a): AskedItem => [null, a.fact_id],
    known,
    (rows) =>
      measureKnowledge({ ...answers!, answers: rows }, { random, level }).overall.get(mainReading(rows))
        ?.accuracy ?? notEstimable('no fact has an answer'),
  )
  const parts = [...domains, ...tasks, facts].flatMap((part) => part ?? [])
  const compared = parts.filter((p) => p.clean.kind === 'estimate' && p.copied.kind === 'estimate').length
  return parts.map(({ copied, ...part }) => ({
    ...part,
    // Bits per byte are better when lower.
    advantage:
      part.kind === 'domain'
        ? difference(part.clean, copied, compared)
        : difference(copied, part.clean, compared),
  }))
}
