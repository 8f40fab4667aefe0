import type { Fact } from '../../core/index.js'
import { formsOf, type MatchOptions } from './match.js'

/** Rows of unequal length in two typed arrays: row i is `values[starts[i]…starts[i + 1])`. */
export interface Rows {
  readonly starts: Int32Array
  readonly values: Int32Array
}

/**
 * The names of a fact set as the counters see them. An entity is a set of spellings that count as one thing;
 * facts that share a subject (or whose object is another's subject) share the entity.
 */
export interface Entities {
  readonly options: MatchOptions
  /** Distinct spellings, shape (patterns). */
  readonly patterns: readonly string[]
  /** Pattern → the entities that it names. */
  readonly entitiesOfPattern: Rows
  readonly entities: number
  /** Entity of every fact's subject and object, shape (facts). */
  readonly subjectOf: Int32Array
  readonly objectOf: Int32Array
  /** Distinct (subject, object) pairs: entities of each, shape (pairs), and each fact's pair, shape (facts). */
  readonly pairSubject: Int32Array
  readonly pairObject: Int32Array
  readonly pairOf: Int32Array
}

/** An array that many threads read. */
export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Math.max(4, 4 * length)), 0, length)
}

/** Group `values` by `keys` (0 ≤ key < rows), keeping order. */
export function groupRows(keys: ArrayLike<number>, values: ArrayLike<number>, rows: number): Rows {
  const starts = sharedInt32(rows + 1)
  for (let i = 0; i < keys.length; i++) starts[keys[i]! + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const next = starts.slice(0, rows)
  const grouped = sharedInt32(keys.length)
  for (let i = 0; i < keys.length; i++) grouped[next[keys[i]!]!++] = values[i]!
  return { starts, values: grouped }
}

/** Numbers for keys, in order of first appearance. */
class Numbering {
  readonly #numbers = new Map<string, number>()
  readonly keys: string[] = []

  of(key: string): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.keys.length)
    this.keys.push(key)
    return this.keys.length - 1
  }
}

/** Resolve facts into patterns, entities and pairs. */
export function resolveEntities(facts: readonly Fact[], options: MatchOptions): Entities {
  const patterns = new Numbering()
  const entities = new Numbering()
  const pairs = new Numbering()
  const patternKeys: number[] = []
  const entityValues: number[] = []
  const entityOf = (names: readonly string[]): number => {
    const ids = formsOf(names, options).map((form) => patterns.of(form))
    const known = entities.keys.length
    const entity = entities.of(ids.sort((a, b) => a - b).join(','))
    if (entity === known)
      for (const id of ids) {
        patternKeys.push(id)
        entityValues.push(entity)
      }
    return entity
  }
  const subjectOf = sharedInt32(facts.length)
  const objectOf = sharedInt32(facts.length)
  const pairOf = sharedInt32(facts.length)
  const pairSubject: number[] = []
  const pairObject: number[] = []
  for (const [i, fact] of facts.entries()) {
    const subject = entityOf([fact.subject, ...fact.subject_aliases])
    const object = entityOf([fact.object, ...fact.aliases])
    const pair = pairs.of(`${subject},${object}`)
    if (pair === pairSubject.length) {
      pairSubject.push(subject)
      pairObject.push(object)
    }
    subjectOf[i] = subject
    objectOf[i] = object
    pairOf[i] = pair
  }
  const toShared = (values: readonly number[]): Int32Array => {
    const shared = sharedInt32(values.length)
    shared.set(values)
    return shared
  }
  return {
    options,
    patterns: patterns.keys,
    entitiesOfPattern: groupRows(patternKeys, entityValues, patterns.keys.length),
    entities: entities.keys.length,
    subjectOf,
    objectOf,
    pairSubject: toShared(pairSubject),
    pairObject: toShared(pairObject),
    pairOf,
  }
}
