import { type DocumentCounter, emptyTally, type Held, type Tally } from '../counter.js'
import type { Entities } from '../names/entities.js'
import { comparable } from '../names/match.js'
import {
  EXTEND,
  extendsBack,
  JOINING,
  LINKER,
  NONE,
  PREPEND,
  SINGLE,
  wordClass,
} from '../names/word-class.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A text cut into words; shapes (length of the text). */
interface Words {
  /** Number of the word that a character belongs to, −1 for none. */
  readonly wordOf: Int32Array
  /** Word → whether it is a run of joining characters, not a cluster of an unspaced script. */
  readonly isRun: readonly boolean[]
  /** Word → where it begins. */
  readonly starts: readonly number[]
}

export function cutIntoWords(text: string): Words {
  const wordOf = new Int32Array(text.length)
  const isRun: boolean[] = []
  const starts: number[] = []
  let inWord = false
  let takesNext = false
  let at = 0
  for (const character of text) {
    const kind = wordClass(character.codePointAt(0)!)
    const isCluster = kind === SINGLE || kind === PREPEND
    const inRun = inWord && isRun.at(-1) === true
    const goesOn = inWord && (extendsBack(kind) || (kind === JOINING && inRun) || (isCluster && takesNext))
    if (kind !== NONE && !goesOn) {
      isRun.push(!isCluster)
      starts.push(at)
    }
    inWord = kind !== NONE
    const stays: boolean = kind === EXTEND && takesNext
    takesNext = isRun.at(-1) === false && (kind === LINKER || kind === PREPEND || stays)
    wordOf.fill(inWord ? starts.length - 1 : -1, at, at + character.length)
    at += character.length
  }
  return { wordOf, isRun, starts }
}

/** Whether a word runs on over the edge between two neighbouring characters, of which `inner` belongs to the name. */
function runsOver({ wordOf, isRun }: Words, inner: number, outer: number): boolean {
  const [own, other] = [wordOf[inner]!, wordOf[outer]!]
  return other >= 0 && (own === other || (own < 0 && isRun[other]!))
}

function isMatch(text: string, words: Words, at: number, name: string, published: boolean): boolean {
  if (published) return at > 0 && text[at - 1] === ' '
  const end = at + name.length
  if (at > 0 && runsOver(words, at, at - 1)) return false
  // A mark belongs to the character before it, which only a control character cannot be.
  if (at > 0 && text[at - 1]! >= ' ' && extendsBack(wordClass(name.codePointAt(0)!))) return false
  return end === text.length || !runsOver(words, end - 1, end)
}

/** Every position at which the name stands by the rule, overlapping ones included. */
export function positionsOf(text: string, words: Words, name: string, published: boolean): number[] {
  const positions: number[] = []
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (isMatch(text, words, at, name, published)) positions.push(at)
  return positions
}

/** Smallest difference between an element of one list and one of the other. */
function smallestDistance(a: readonly number[], b: readonly number[]): number {
  let smallest = Number.POSITIVE_INFINITY
  for (const x of a) for (const y of b) smallest = Math.min(smallest, Math.abs(x - y))
  return smallest
}

/**
 * The reference: a substring search per name and document, as the published pipeline does it
 * (0.07 MB/s at 13,000 names), written to be read. The embedded engine must equal it.
 */
export function createPlainCounter(entities: Entities): DocumentCounter {
  const { match, within } = entities.options
  let tally = emptyTally(entities)
  let held: Held = { entities: [], pairs: [], pairsInDocument: [] }
  return {
    count(bytes, begin, end) {
      const text = comparable(decoder.decode(bytes.subarray(begin, end)), entities.options)
      const words = cutIntoWords(text)
      const positions: number[][] = Array.from({ length: entities.entities }, () => [])
      const { starts, values } = entities.entitiesOfPattern
      for (const [pattern, name] of entities.patterns.entries()) {
        const found = positionsOf(text, words, name, match === 'published')
        for (let i = starts[pattern]!; i < starts[pattern + 1]!; i++) positions[values[i]!]!.push(...found)
      }
      tally.documents++
      tally.bytes += end - begin
      const [pairs, pairsInDocument]: [number[], number[]] = [[], []]
      const found = positions.flatMap(({ length }, entity) => (length > 0 ? [entity] : []))
      const ordinal = (at: number): number => words.starts.filter((start) => start < at).length
      for (const [pair, subject] of entities.pairSubject.entries()) {
        const subjects = positions[subject]!
        const objects = positions[entities.pairObject[pair]!]!
        if (subjects.length === 0 || objects.length === 0) continue
        if (within !== null) pairsInDocument.push(pair)
        if (within === null || smallestDistance(subjects.map(ordinal), objects.map(ordinal)) <= within)
          pairs.push(pair)
      }
      for (const entity of found) tally.ofEntity[entity]!++
      for (const pair of pairs) tally.ofPair[pair]!++
      for (const pair of pairsInDocument) tally.ofPairInDocument![pair]!++
      held = { entities: found, pairs, pairsInDocument }
    },
    held: () => held,
    take(): Tally {
      const taken = tally
      tally = emptyTally(entities)
      return taken
    },
  }
}
