import { exact, type Fact, groupBy, notEstimable, type Result, type Section } from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import {
  type CorpusNote,
  type CountRow,
  type CountTotals,
  type Grouping,
  groupRowsOf,
  namedSources,
  SOURCE,
  toRows,
} from '../../corpus/index.js'
import { oneLine } from '../../report/index.js'
import { format } from './describe.js'
import { weightsOf } from './options.js'
import { percent } from './profile-text.js'

const METHOD = 'docs/methods/corpus.md#parts-of-the-corpus'
const SHOWN = 10
const IN_REPORT = 50

/** One value of a grouping: how much of the corpus it is, and of the facts. */
interface Group {
  readonly by: string
  /** null where a document has none. */
  readonly value: string | null
  readonly documents: number
  readonly bytes: number
  /** Facts that a document of it tells, and those that no document of another value tells. */
  readonly facts: number
  readonly onlyHere: number
  /** Documents that tell a fact, over all facts. */
  readonly tellings: number
}

/** A document that tells a fact. */
interface Example {
  readonly fact_id: string
  readonly path: string
  readonly text: string
}

/** Counts of a corpus by fact, and what else was asked of it. */
export interface Told {
  readonly rows: readonly CountRow[]
  /** By group and fact; empty unless asked for, as all else. */
  readonly groupRows: readonly CountRow[]
  readonly groups: readonly Group[]
  readonly examples: readonly Example[]
  readonly weighted: CorpusNote['weighted']
  /** Of groupings by a field that no document has. */
  readonly notes: readonly string[]
}

function groupsOf(list: ReturnType<typeof namedSources>, rows: readonly CountRow[]): Group[] {
  const told = rows.filter(({ n_so }) => n_so > 0)
  const tellers = groupBy(told, ({ by, fact_id }) => JSON.stringify([by, fact_id]))
  const byGroup = groupBy(told, ({ by, value }) => JSON.stringify([by, value]))
  return list
    .map(({ by, value, documents, bytes }) => {
      const own = byGroup.get(JSON.stringify([by, value])) ?? []
      const onlyHere = own.filter(({ fact_id }) => tellers.get(JSON.stringify([by, fact_id]))!.length === 1)
      return {
        by,
        value: value === '' ? null : value,
        documents,
        bytes,
        facts: own.length,
        onlyHere: onlyHere.length,
        tellings: own.reduce((sum, { n_so }) => sum + n_so, 0),
      }
    })
    .sort((a, b) => (a.by === b.by ? b.tellings - a.tellings || b.bytes - a.bytes : a.by < b.by ? -1 : 1))
}

/** Counts by weight beside the exact ones: a document of a corpus that is read w times counts w times. */
function weigh(
  rows: readonly CountRow[],
  groupRows: readonly CountRow[],
  weights: ReadonlyMap<string, number>,
): CountRow[] {
  const bySource = groupBy(
    groupRows.filter(({ by }) => by === SOURCE),
    ({ fact_id }) => fact_id,
  )
  return rows.map((row) => {
    const sum = (column: 'n_s' | 'n_o' | 'n_so'): number =>
      (bySource.get(row.fact_id) ?? []).reduce((all, r) => all + weights.get(r.value!)! * r[column], 0)
    return { ...row, w_s: sum('n_s'), w_o: sum('n_o'), w_so: sum('n_so') }
  })
}

function strangerNote(by: string): string {
  return `no document has a field "${by}"; --by takes source, language or the name of a field`
}

/** What was counted, as it is told. @param weights `web=2.5,books=1`: how often training reads each corpus */
export function toldOf(
  facts: readonly Fact[],
  totals: CountTotals,
  grouping: Grouping | undefined,
  weights: Readonly<Record<string, string>> | undefined,
): Told {
  const { entities, tally } = totals
  const plain = toRows(facts, entities, tally)
  const list = namedSources(totals.groups, grouping?.corpora ?? [])
  const groupRows = groupRowsOf(facts, entities, list)
  const factsOfPair = groupBy(facts.keys(), (i) => entities.pairOf[i]!)
  const names = [...new Set((grouping?.corpora ?? []).map(({ name }) => name))]
  const given = weights === undefined ? [] : weightsOf(names, weights)
  const timesOf = new Map(names.map((name, i) => [name, given[i]!]))
  const sources = list.filter(({ by }) => by === SOURCE)
  return {
    rows: weights === undefined ? plain : weigh(plain, groupRows, timesOf),
    groupRows,
    groups: groupsOf(list, groupRows),
    examples: totals.examples.flatMap(({ pair, path, text }) =>
      factsOfPair.get(pair)!.map((i) => ({ fact_id: facts[i]!.fact_id, path, text })),
    ),
    weighted:
      weights === undefined
        ? undefined
        : {
            documents: sources.reduce((sum, s) => sum + timesOf.get(s.value)! * s.documents, 0),
            weights: Object.fromEntries(timesOf),
          },
    notes: [...groupBy(list, ({ by }) => by)].flatMap(([by, own]) =>
      own.every(({ value }) => value === '') ? [strangerNote(by)] : [],
    ),
  }
}

/** What a table tells of weights; nothing without them. */
export function weightedOf({ weighted }: Told): Pick<CorpusNote, 'weighted'> {
  return weighted === undefined ? {} : { weighted }
}

/** Fields of the JSON document, where they were asked for; rows by group where no table takes them. */
export function toldFields(
  { groups, groupRows, examples, weighted, notes }: Told,
  tables: { readonly groups?: string | undefined; readonly out?: string | undefined },
) {
  return {
    ...(groups.length === 0 ? {} : { groups }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(tables.groups === undefined
      ? groupRows.length > 0 && tables.out === undefined
        ? { groupCounts: groupRows.map((row) => ({ ...row, value: row.value === '' ? null : row.value })) }
        : {}
      : { groupsOut: tables.groups }),
    ...(examples.length === 0 ? {} : { examples }),
    ...(weighted === undefined ? {} : { weighted }),
  }
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
const sumOf = (groups: readonly Group[], of: 'bytes' | 'tellings'): number =>
  groups.reduce((sum, group) => sum + group[of], 0)
const nameOf = ({ value }: Group): string => value ?? '(none)'
/** On one line, without what would act on a terminal. */
const show = (text: string): string => oneLine(text).replace(/ +/g, ' ').trim()

/** What a count prints beside its sums. */
export function toldLines({ groups, examples, rows, weighted }: Told): string[] {
  const lines: string[] = []
  for (const [by, own] of groupBy(groups, (group) => group.by)) {
    if (own.every(({ value }) => value === null)) {
      lines.push(`✖ ${strangerNote(by)}`)
      continue
    }
    lines.push(`By ${by}, what tells the most first:`)
    for (const group of own.slice(0, SHOWN))
      lines.push(
        `  ${show(nameOf(group))}: ${counted(group.documents, 'document')}, ${percent(shareOf(group.bytes, sumOf(own, 'bytes')))} of the text; tells ${counted(group.facts, 'fact')} (${format(group.onlyHere)} told nowhere else), ${percent(shareOf(group.tellings, sumOf(own, 'tellings')))} of all tellings`,
      )
    if (own.length > SHOWN) lines.push(`  and ${own.length - SHOWN} more; see --json or --groups`)
  }
  if (weighted !== undefined) {
    const times = Object.entries(weighted.weights).map(([name, w]) => `${name} ${w}`)
    lines.push(
      `By weight (times read: ${times.join(', ')}): ${format(weighted.documents)} documents; w_s, w_o and w_so stand beside the exact counts, and bound takes them`,
    )
  }
  const byFact = groupBy(examples, ({ fact_id }) => fact_id)
  const top = rows
    .filter(({ fact_id }) => byFact.has(fact_id))
    .toSorted((a, b) => b.n_so - a.n_so)
    .slice(0, SHOWN)
  if (top.length > 0) lines.push('Documents that tell the most frequent pairs:')
  for (const { fact_id, subject, object } of top)
    for (const { path, text } of byFact.get(fact_id)!)
      lines.push(`  ${show(subject)} | ${show(object)} in ${show(path)}: ${show(text)}`)
  return lines
}

function groupSection(by: string, own: readonly Group[], order: number): Section {
  const [bytes, tellings] = [sumOf(own, 'bytes'), sumOf(own, 'tellings')]
  const [first] = own
  const shares = own.slice(0, IN_REPORT).map((group) => ({
    group,
    text: exact(shareOf(group.bytes, bytes), 'share', group.documents),
    told:
      tellings === 0
        ? notEstimable('no document tells a fact')
        : exact(group.tellings / tellings, 'share', group.tellings),
  }))
  return {
    id: `count-by-${order}`,
    order,
    question: `Which part of the corpus tells the facts, by ${by}?`,
    answer: own.every(({ value }) => value === null)
      ? `Not known: ${strangerNote(by)}.`
      : first === undefined || tellings === 0
        ? 'None: no document tells a fact.'
        : `${nameOf(first)} holds ${percent(shareOf(first.bytes, bytes))} of the text and ${percent(shareOf(first.tellings, tellings))} of the documents that tell a fact.`,
    charts: [
      {
        kind: 'dots',
        caption: `Share of the text and of what tells facts, by ${by}`,
        x: { label: 'share', unit: 'share', domain: [0, 1] },
        rows: (['text', 'told'] as const).flatMap((of) =>
          shares.slice(0, SHOWN).map((share) => ({
            label: nameOf(share.group),
            group: of === 'text' ? 'of the text' : 'of all tellings',
            estimate: share[of],
          })),
        ),
      },
    ],
    tables: [
      {
        title: `By ${by}`,
        columns: [by, 'documents', 'of the text', 'facts told', 'told nowhere else', 'of all tellings'],
        rows: shares.map(({ group, text, told }) => [
          nameOf(group),
          group.documents,
          text,
          group.facts,
          group.onlyHere,
          told,
        ]),
      },
    ],
    protocol: [METHOD],
  }
}

/** A count as a report. @param head the first line of what is printed */
export function countReport(
  told: Told,
  {
    head,
    answer,
    ...result
  }: Pick<Result, 'schema' | 'seed' | 'inputs'> & { readonly head: string; readonly answer: string },
): Result {
  const { rows, groups, examples, weighted } = told
  const byId = new Map(rows.map((row) => [row.fact_id, row]))
  const most = rows.toSorted((a, b) => b.n_so - a.n_so).slice(0, IN_REPORT)
  const weights = weighted === undefined ? [] : ['by weight']
  const frequent: Section = {
    id: 'count-pairs',
    order: 0,
    question: 'How often does the corpus tell the facts?',
    answer,
    charts: [],
    tables: [
      {
        title: `The ${most.length} most frequent pairs`,
        columns: ['subject', 'relation', 'object', 'n_s', 'n_o', 'n_so', ...weights],
        rows: most.map((r) => [
          r.subject,
          r.relation,
          r.object,
          r.n_s,
          r.n_o,
          r.n_so,
          ...(weighted === undefined ? [] : [r.w_so!]),
        ]),
      },
      ...(examples.length === 0
        ? []
        : [
            {
              title: 'Documents that tell them',
              columns: ['subject', 'object', 'file', 'text around the names'],
              rows: examples.map(({ fact_id, path, text }) => {
                const { subject, object } = byId.get(fact_id)!
                return [subject, object, path, text]
              }),
            },
          ]),
    ],
    protocol: ['docs/methods/corpus.md#what-is-counted'],
  }
  return {
    ...result,
    title: 'Facts in a corpus',
    summary: head,
    gates: [],
    findings: [],
    metrics: [],
    sections: [
      frequent,
      ...[...groupBy(groups, (group) => group.by)].map(([by, own], i) => groupSection(by, own, i + 1)),
    ],
    provenance: [],
    notMeasured: [],
  }
}
