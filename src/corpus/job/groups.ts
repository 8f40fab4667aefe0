import type { Held } from '../counter.js'
import { raise } from '../errors.js'
import { domainsOf } from '../profile/measures/domains.js'
import type { NamedCorpus } from '../profile/settings.js'
import type { Sparse } from './sparse.js'

/** What is told of a count beside its sums. */
export interface Grouping {
  /** `source`, `language`, or a field of the documents: `meta.lang`, or `column:source` where its name is one of those. */
  readonly by: readonly string[]
  /** Names of the parts of the corpus, which are then its sources; none where nobody named one. */
  readonly corpora: readonly NamedCorpus[]
  /** Documents told of every pair, and characters told around its names; null = none. */
  readonly examples: { readonly most: number; readonly around: number } | null
}

export const SOURCE = 'source'
export const LANGUAGE = 'language'

/** The field behind a grouping; undefined of a source or language. */
export function fieldOf(by: string): string | undefined {
  return by === SOURCE || by === LANGUAGE ? undefined : by.replace(/^column:/, '')
}

/** Counts over some documents, those that are not 0. */
export interface Sums {
  readonly documents: number
  readonly bytes: number
  readonly ofEntity: Sparse
  readonly ofPair: Sparse
  /** null without a window. */
  readonly ofPairInDocument: Sparse | null
}

/** Those over the documents of one value: a language, a source. */
export interface GroupCounts extends Sums {
  readonly by: string
  /** '' where a document has none. */
  readonly value: string
}

/** More values of a field than this are names of documents, not parts of a corpus. */
const MOST_GROUPS = 10_000
const KINDS = ['ofEntity', 'ofPair', 'ofPairInDocument'] as const
type Kind = (typeof KINDS)[number]

interface Group extends Record<Kind, Map<number, number>> {
  documents: number
  bytes: number
}

function add(into: Map<number, number>, index: number, value: number): void {
  into.set(index, (into.get(index) ?? 0) + value)
}

function toSparse(counts: ReadonlyMap<number, number>): Sparse {
  const indices = Int32Array.from(counts.keys()).sort()
  return { indices, values: Float64Array.from(indices, (index) => counts.get(index)!) }
}

/** Running sums by group; addition is all there is to merging. */
export class Groups {
  readonly #groups = new Map<string, Map<string, Group>>()

  /** A document of the group. */
  add(by: string, value: string, bytes: number, { entities, pairs, pairsInDocument }: Held): void {
    const group = this.#of(by, value)
    group.documents++
    group.bytes += bytes
    for (const entity of entities) add(group.ofEntity, entity, 1)
    for (const pair of pairs) add(group.ofPair, pair, 1)
    for (const pair of pairsInDocument) add(group.ofPairInDocument, pair, 1)
  }

  merge(list: readonly GroupCounts[]): void {
    for (const { by, value, documents, bytes, ...counts } of list) {
      const group = this.#of(by, value)
      group.documents += documents
      group.bytes += bytes
      for (const kind of KINDS)
        counts[kind]?.indices.forEach((index, k) => {
          add(group[kind], index, counts[kind]!.values[k]!)
        })
    }
  }

  /** In the order of their names, whatever order they came in. */
  toList(): GroupCounts[] {
    return [...this.#groups].flatMap(([by, values]) =>
      [...values]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([value, { documents, bytes, ...counts }]) => ({
          by,
          value,
          documents,
          bytes,
          ofEntity: toSparse(counts.ofEntity),
          ofPair: toSparse(counts.ofPair),
          ofPairInDocument: toSparse(counts.ofPairInDocument),
        })),
    )
  }

  /** @throws {AssayError} corpus/too-many-groups */
  #of(by: string, value: string): Group {
    const values = this.#groups.get(by) ?? new Map<string, Group>()
    this.#groups.set(by, values)
    const known = values.get(value)
    if (known !== undefined) return known
    if (values.size === MOST_GROUPS)
      throw raise(
        'too-many-groups',
        `${by} has more than ${MOST_GROUPS} values, as "${value.slice(0, 60)}"`,
        {
          field: '--by',
        },
      )
    const group = {
      documents: 0,
      bytes: 0,
      ofEntity: new Map(),
      ofPair: new Map(),
      ofPairInDocument: new Map(),
    }
    values.set(value, group)
    return group
  }
}

/** Sources as a reader calls them: the corpora, else the folders or files in which the corpus' files differ. */
export function namedSources(groups: readonly GroupCounts[], corpora: readonly NamedCorpus[]): GroupCounts[] {
  const named = new Groups()
  const files = groups.flatMap(({ by, value }) => (by === SOURCE && corpora.length === 0 ? [value] : []))
  const names = domainsOf(files)
  named.merge(
    groups.map((group) =>
      group.by === SOURCE ? { ...group, value: names.get(group.value) ?? group.value } : group,
    ),
  )
  return named.toList()
}
