import { AssayError, messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'
import { readUnit } from '../readers/read-unit.js'
import { MOSTLY_EMPTY, type ReadOptions, type Skipped, type Unit } from '../readers/unit.js'
import type { Gathered, Gatherer } from './gathering.js'

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

  entries(more: Partial<Skipped> = {}): Skipped[] {
    return [...this.#byReason].map(([reason, { documents, where }]) => ({
      path: this.#path,
      reason,
      documents,
      where,
      ...more,
    }))
  }
}

/**
 * Hand one unit's documents to the gatherer. A document that cannot be read is skipped; where the file breaks, what can be
 * read of it counts and the break is told. With `strict` either is an error.
 */
export async function gatherUnit<G extends Gathered>(
  gatherer: Gatherer<G>,
  unit: Unit,
  options: ReadOptions,
  strict: boolean,
): Promise<G> {
  const { path } = unit
  const skips = new SkipList(path)
  const remarks = new SkipList(path)
  const broken: Skipped[] = []
  let documents = 0
  let empty = 0
  let firstEmpty = 0
  gatherer.begin?.(unit)
  try {
    await readUnit(unit, options, {
      document(bytes, begin, end, labels) {
        documents++
        if (begin === end && empty++ === 0) firstEmpty = documents
        gatherer.document(bytes, begin, end, labels)
      },
      skip(reason, where) {
        if (strict) throw raise('bad-document', `${where}: ${reason}`, { path })
        skips.add(reason, where)
      },
      remark(what, where) {
        remarks.add(what, where)
      },
      lose(reason, where, lost) {
        if (strict) throw raise('unreadable', `${where}: ${reason}`, { path })
        broken.push({ path, reason, documents: lost, where, broken: true })
      },
    })
  } catch (error) {
    if (error instanceof AssayError) throw error
    if (strict) throw raise('unreadable', messageOf(error), { path }, error)
    broken.push({
      path,
      reason: messageOf(error),
      documents: null,
      where: documents === 0 ? 'the file' : `after ${documents} documents`,
      broken: true,
    })
  }
  const emptyOnes: Skipped[] =
    2 * empty > documents
      ? [{ path, reason: MOSTLY_EMPTY, documents: empty, where: `document ${firstEmpty}`, kept: true }]
      : []
  return gatherer.finish(unit, [
    ...skips.entries(),
    ...broken,
    ...remarks.entries({ kept: true }),
    ...emptyOnes,
  ])
}
