import { createHash } from 'node:crypto'
import type { Entities } from '../names/entities.js'
import { comparable } from '../names/match.js'
import { cutIntoWords, positionsOf } from '../plain/counter.js'

/** A document that holds both names of a pair: where it stands, and its text around them. */
export interface PairExample {
  readonly pair: number
  /** Of the document's text: those of the least hash are kept, so that order, shards and threads do not matter. */
  readonly hash: string
  readonly path: string
  readonly text: string
}

const before = (a: PairExample, b: PairExample): boolean =>
  a.hash < b.hash || (a.hash === b.hash && a.path < b.path)

/** The documents of least hash of every pair, equal ones once, under the first of their paths. */
export class Examples {
  readonly #most: number
  readonly #byPair = new Map<number, PairExample[]>()

  constructor(most: number) {
    this.#most = most
  }

  add(example: PairExample): void {
    const kept = this.#byPair.get(example.pair) ?? []
    this.#byPair.set(example.pair, kept)
    const twin = kept.findIndex(({ hash }) => hash === example.hash)
    if (twin !== -1) {
      if (before(example, kept[twin]!)) kept[twin] = example
      return
    }
    const at = kept.findIndex((other) => before(example, other))
    kept.splice(at === -1 ? kept.length : at, 0, example)
    if (kept.length > this.#most) kept.pop()
  }

  /** Whether a document of this hash would be kept. */
  wants(pair: number, hash: string, path: string): boolean {
    const kept = this.#byPair.get(pair) ?? []
    const last = kept.at(-1)
    return kept.length < this.#most || last === undefined || before({ pair, hash, path, text: '' }, last)
  }

  toList(): PairExample[] {
    return [...this.#byPair].sort(([a], [b]) => a - b).flatMap(([, kept]) => kept)
  }
}

export function documentHash(document: Uint8Array): string {
  return createHash('sha256').update(document).digest('hex').slice(0, 16)
}

/** Control characters and those that turn the direction of writing: they would act on a terminal or a page. */
const ACTING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** What stands from `from` to `to`, no character cut, with … where text is left out. */
function piece(text: string, from: number, to: number): string {
  const isCut = (at: number): boolean => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1))
  const begin = from <= 0 ? 0 : isCut(from) ? from + 1 : from
  const end = to >= text.length ? text.length : isCut(to) ? to - 1 : to
  return `${begin > 0 ? '…' : ''}${text.slice(begin, end)}${end < text.length ? '…' : ''}`
}

/** Excerpts of one document, as it is compared with names. */
export function createExcerpts(
  entities: Entities,
  around: number,
): (document: Uint8Array) => (pair: number) => string {
  const { options, patterns, entitiesOfPattern, pairSubject, pairObject } = entities
  const namesOf = new Map<number, string[]>()
  for (const [pattern, name] of patterns.entries())
    for (let i = entitiesOfPattern.starts[pattern]!; i < entitiesOfPattern.starts[pattern + 1]!; i++) {
      const entity = entitiesOfPattern.values[i]!
      namesOf.set(entity, [...(namesOf.get(entity) ?? []), name])
    }
  return (document) => {
    const text = comparable(Buffer.from(document).toString('utf8'), options)
    const words = cutIntoWords(text)
    const places = (entity: number): { at: number; end: number }[] =>
      (namesOf.get(entity) ?? [])
        .flatMap((name) =>
          positionsOf(text, words, name, options.match === 'published').map((at) => ({
            at,
            end: at + name.length,
          })),
        )
        .sort((a, b) => a.at - b.at)
    return (pair) => {
      const subjects = places(pairSubject[pair]!)
      const objects = places(pairObject[pair]!)
      // The two that stand nearest: for each subject the object before it and the one after.
      let nearest = { first: subjects[0], second: objects[0], gap: Number.POSITIVE_INFINITY }
      let next = 0
      for (const subject of subjects) {
        while (next < objects.length && objects[next]!.at < subject.at) next++
        for (const object of objects.slice(Math.max(0, next - 1), next + 1)) {
          const [first, second] = object.at < subject.at ? [object, subject] : [subject, object]
          const gap = second.at - first.end
          if (gap < nearest.gap) nearest = { first, second, gap }
        }
      }
      const { first, second, gap } = nearest
      if (first === undefined || second === undefined) return ''
      const end = Math.max(first.end, second.end)
      const excerpt =
        gap <= 2 * around
          ? piece(text, first.at - around, end + around)
          : `${piece(text, first.at - around, first.end + around)} ${piece(text, second.at - around, second.end + around)}`
      return excerpt.replace(ACTING, ' ')
    }
  }
}
