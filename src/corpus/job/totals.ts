import { emptyTally } from '../counter.js'
import type { Entities } from '../names/entities.js'
import type { Skipped } from '../readers/unit.js'
import type { Counts } from './counts.js'
import type { Sum } from './gathering.js'
import { addSparse, toSparse } from './sparse.js'

/** Running sums over units; addition is all there is to merging. */
export class Totals implements Sum<Counts> {
  readonly entities: Entities
  readonly #tally
  readonly #skipped: Skipped[] = []

  constructor(entities: Entities) {
    this.entities = entities
    this.#tally = emptyTally(entities)
  }

  add(counts: Counts): void {
    this.#tally.documents += counts.documents
    this.#tally.bytes += counts.bytes
    this.#skipped.push(...counts.skipped)
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

  toGathered(): Counts {
    const { documents, bytes, ofEntity, ofPair, ofPairInDocument } = this.#tally
    return {
      documents,
      bytes,
      skipped: this.#skipped,
      ofEntity: toSparse(ofEntity),
      ofPair: toSparse(ofPair),
      ofPairInDocument: ofPairInDocument === null ? null : toSparse(ofPairInDocument),
    }
  }
}
