import { AssayError } from '../../core/errors.js'
import type { DocumentCounter } from '../counter.js'
import { messageOf, raise } from '../errors.js'
import { readUnit } from '../readers/read-unit.js'
import type { ReadOptions, Skipped, Unit } from '../readers/unit.js'
import { type Sparse, toSparse } from './sparse.js'

/** Counts over some documents in the form that travels between threads and into checkpoints. */
export interface Counts {
  readonly documents: number
  readonly bytes: number
  readonly skipped: readonly Skipped[]
  readonly ofEntity: Sparse
  readonly ofPair: Sparse
  /** Only with a window. */
  readonly ofPairInDocument: Sparse | null
}

/** Skipped documents of one unit, gathered by reason. */
class SkipList {
  readonly #byReason = new Map<string, { documents: number; where: string }>()
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  add(reason: string, where: string): void {
    const known = this.#byReason.get(reason)
    if (known === undefined) this.#byReason.set(reason, { documents: 1, where })
    else known.documents++
  }

  entries(): Skipped[] {
    return [...this.#byReason].map(([reason, { documents, where }]) => ({
      path: this.#path,
      reason,
      documents,
      where,
    }))
  }
}

/**
 * Count one unit. A document that cannot be read is skipped; where the file breaks, what came before the break counts
 * and the break is told. With `strict` either is an error.
 */
export async function countUnit(
  counter: DocumentCounter,
  unit: Unit,
  options: ReadOptions,
  strict: boolean,
): Promise<Counts> {
  const { path } = unit
  const skips = new SkipList(path)
  const broken: Skipped[] = []
  let documents = 0
  try {
    await readUnit(unit, options, {
      document(bytes, begin, end) {
        documents++
        counter.count(bytes, begin, end)
      },
      skip(reason, where) {
        if (strict) throw raise('bad-document', `${where}: ${reason}`, { path })
        skips.add(reason, where)
      },
    })
  } catch (error) {
    if (error instanceof AssayError) throw error
    if (strict) throw raise('unreadable', messageOf(error), { path }, error)
    broken.push({ path, reason: messageOf(error), documents: null, where: `after ${documents} documents` })
  }
  const tally = counter.take()
  return {
    documents: tally.documents,
    bytes: tally.bytes,
    skipped: [...skips.entries(), ...broken],
    ofEntity: toSparse(tally.ofEntity),
    ofPair: toSparse(tally.ofPair),
    ofPairInDocument: tally.ofPairInDocument === null ? null : toSparse(tally.ofPairInDocument),
  }
}
