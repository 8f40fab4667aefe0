import { emptyTally } from '../counter.js'
import type { Entities } from '../names/entities.js'
import type { Skipped } from '../readers/unit.js'
import type { Counts } from './counts.js'
import { Examples, type PairExample } from './examples.js'
import type { Sum } from './gathering.js'
import { type GroupCounts, Groups } from './groups.js'
import { addSparse, toSparse } from './sparse.js'

/** Running sums over units; addition is all there is to merging. */
export class Totals implements Sum<Counts> {
  readonly entities: Entities
  readonly #tally
  readonly #skipped: Skipped[] = []
  readonly #groups = new Groups()
  readonly #examples: Examples

  /** @param examples most of a pair */
  constructor(entities: Entities, examples = 0) {
    this.entities = entities
    this.#examples = new Examples(examples)
    this.#tally = emptyTally(entities)
  }

  add(counts: Counts): void {
    this.#tally.documents += counts.documents
    this.#tally.bytes += counts.bytes
    for (const entry of counts.skipped) this.#skipped.push(entry)
    this.#groups.merge(counts.groups)
    for (const example of counts.examples) this.#examples.add(example)
    addSparse(this.#tally.ofEntity, counts.ofEntity)
    addSparse(this.#tally.ofPair, counts.ofPair)
    if (this.#tally.ofPairInDocument !== null && counts.ofPairInDocument !== null)
      addSparse(this.#tally.ofPairInDocument, counts.ofPairInDocument)
  }

  addSkipped(entry: Skipped): void {
    this.#skipped.push(entry)
  }

  get tally() {
    return this.#tally
  }

  get skipped(): readonly Skipped[] {
    return this.#skipped
  }

  get groups(): readonly GroupCounts[] {
    return this.#groups.toList()
  }

  get examples(): readonly PairExample[] {
    return this.#examples.toList()
  }

  toGathered(): Counts {
    const { documents, bytes, ofEntity, ofPair, ofPairInDocument } = this.#tally
    return {
      documents,
      bytes,
      skipped: this.#skipped,
      ofEntity: toSparse(ofEntity),
      ofPair: toSparse(ofPair),
      ofPairInDocument: ofPairInDocument === null ? null : toSparse(ofPairInDocument),
      groups: this.groups,
      examples: this.examples,
    }
  }
}
