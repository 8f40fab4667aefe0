import { DocumentScan } from '../../core/index.js'
import type { DocumentCounter } from '../counter.js'
import type { Entities } from '../names/entities.js'
import { documentLanguage, loadDetector } from '../profile/language.js'
import { fileGroup } from '../profile/measures/domains.js'
import type { Labels, Unit } from '../readers/unit.js'
import type { Counts } from './counts.js'
import { createExcerpts, documentHash, Examples } from './examples.js'
import type { Gatherer } from './gathering.js'
import { fieldOf, type Grouping, Groups, LANGUAGE, SOURCE } from './groups.js'
import { toSparse } from './sparse.js'

/** Load what a grouping needs in this thread. */
export async function loadGrouping(grouping: Grouping | undefined): Promise<void> {
  if (grouping?.by.includes(LANGUAGE) === true) await loadDetector()
}

/** Value of a document in one grouping. */
type GroupOf = (unit: Unit, bytes: Buffer, begin: number, end: number, labels: Labels) => string

function groupOf(by: string, { by: all, corpora }: Grouping): GroupOf {
  const field = fieldOf(by)
  if (field !== undefined) {
    const at = fieldsOf(all).indexOf(field)
    return (_unit, _bytes, _begin, _end, labels) => labels[at] ?? ''
  }
  if (by === SOURCE) {
    return ({ path, input }) => (corpora.length > 0 ? corpora[input]!.name : fileGroup(path))
  }
  const scan = new DocumentScan()
  return (_unit, bytes, begin, end) => {
    scan.scan(bytes, begin, end)
    return documentLanguage(scan, bytes, begin, end)
  }
}

/** Fields that the groupings need of every document. */
export function fieldsOf(by: readonly string[]): string[] {
  return [...new Set(by.flatMap((name) => fieldOf(name) ?? []))]
}

/** Gathers a counter's tallies, and what is told of them by group and by example. */
export function gathererOf(
  counter: DocumentCounter,
  entities: Entities,
  grouping: Grouping | undefined,
): Gatherer<Counts> {
  const most = grouping?.examples?.most ?? 0
  const values = (grouping?.by ?? []).map((by) => ({ by, groupOf: groupOf(by, grouping!) }))
  const excerpts = createExcerpts(entities, grouping?.examples?.around ?? 0)
  let groups = new Groups()
  let examples = new Examples(most)
  let unit!: Unit
  const tell = (document: Uint8Array, pairs: readonly number[]): void => {
    const hash = documentHash(document)
    const wanted = pairs.filter((pair) => examples.wants(pair, hash, unit.path))
    if (wanted.length === 0) return
    const excerptOf = excerpts(document)
    for (const pair of wanted) examples.add({ pair, hash, path: unit.path, text: excerptOf(pair) })
  }
  return {
    begin(next) {
      unit = next
    },
    document(bytes, begin, end, labels = []) {
      counter.count(bytes, begin, end)
      if (grouping === undefined) return
      const held = counter.held()
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (const { by, groupOf } of values)
        groups.add(by, groupOf(unit, buffer, begin, end, labels), end - begin, held)
      if (most > 0 && held.pairs.length > 0) tell(bytes.subarray(begin, end), held.pairs)
    },
    finish(_unit, skipped) {
      const { documents, bytes, ofEntity, ofPair, ofPairInDocument } = counter.take()
      const told = { groups: groups.toList(), examples: examples.toList() }
      groups = new Groups()
      examples = new Examples(most)
      return {
        documents,
        bytes,
        skipped,
        ofEntity: toSparse(ofEntity),
        ofPair: toSparse(ofPair),
        ofPairInDocument: ofPairInDocument === null ? null : toSparse(ofPairInDocument),
        ...told,
      }
    },
  }
}
