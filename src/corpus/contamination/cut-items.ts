import { sharedInt32 } from '../names/entities.js'
import { numberHashes, range } from './ngram-table.js'
import { isUnspaced, WordList, wordsOf } from './words.js'

/** What is looked for: a text, or a question with its choices. */
export interface SoughtItem {
  readonly id: string
  readonly task: string
  /** The question, or the whole of a text. */
  readonly text: string
  /** In the order in which they are asked; none for a text. */
  readonly choices: readonly string[]
  /** Position of the right choice; null where it is not told. */
  readonly gold: number | null
}

/** Words of a published n-gram: Brown et al., arXiv:2005.14165, appendix C. */
export const PUBLISHED_N = 13
/** Words of the n-grams that point to where a stretch may stand. */
export const SEED_N = 3
/** Words of a stretch: longer texts are cut, so that a part of one is found by itself. */
export const STRETCH_WORDS = 64
/** Nats that a stretch must carry to be told from chance; below, nothing is decided. */
export const LEAST_INFORMATION = 30
/** Nats taken off each word's: words as common as `and` tell nothing. */
const COMMON_NATS = 4
const LEAST_WEIGHT = 0.05
/** A word that stands in a stretch more often is common there: the symbols of a grid or a table are. */
const MOST_TIMES = 2
/** Items that tell what is common among them, and how many of them have to share a word. */
const LEAST_ITEMS = 100
const LEAST_SHARING = 5
/** Weights of words are whole numbers: nats times this. */
export const FIXED = 1 << 16

/** The words of items, all on shared memory. Shapes: stretches s, words of all stretches w. */
export interface CutItems {
  readonly items: number
  readonly stretchStarts: Int32Array
  readonly stretchWords: Int32Array
  /** Nats of each word, times 2¹⁶; shape (w). */
  readonly weights: Int32Array
  readonly itemOf: Int32Array
  /** Whether an item that is not found is clean: not where only its choices make it long enough; shape (items). */
  readonly decided: Int32Array
  /** Whether an item is of a script without spaces; shape (items). */
  readonly unspaced: Int32Array
  /** Words of a text after a first hit in which the rest of a stretch is looked for; shape (s). */
  readonly spans: Int32Array
  /** Words of whole items: item i has `wholeStarts[i]…wholeStarts[i + 1]`. */
  readonly wholeStarts: Int32Array
  readonly wholeWords: Int32Array
}

/** How common words are. */
interface WordNats {
  /** Number of each word; shape (words). */
  readonly numbers: Int32Array
  /** Nats by number of a word. */
  readonly nats: Float64Array
}

/**
 * Nats of words by how often they stand in a background text and in how many items they stand, whichever is most.
 *
 * @param background words of texts of no particular matter, one a language: what is common in one is common
 * @param starts item i has the words `starts[i]…starts[i + 1]`
 */
function measureWords(background: readonly Int32Array[], words: Int32Array, starts: Int32Array): WordNats {
  const items = starts.length - 1
  const { numbers, distinct } = numberHashes(concat([words, ...background]))
  /** The largest share of a word in any text. */
  const inText = new Float64Array(distinct)
  const times = new Int32Array(distinct)
  let from = words.length
  for (const [i, { length }] of background.entries()) {
    const own = numbers.subarray(from, from + length)
    from += length
    for (const word of own) times[word]!++
    // Of the first one, which is long, a word that it has not may stand there once; of the others, one that stands there once tells nothing.
    if (i === 0) inText.fill(1 / (length + 1))
    for (const word of own) {
      const share = i === 0 ? (times[word]! + 1) / (length + 1) : times[word]! < 2 ? 0 : times[word]! / length
      inText[word] = Math.max(inText[word]!, share)
    }
    for (const word of own) times[word] = 0
  }
  const sharing = new Int32Array(distinct)
  const lastItem = new Int32Array(distinct).fill(-1)
  for (let item = 0; item < items; item++)
    for (let at = starts[item]!; at < starts[item + 1]!; at++) {
      const word = numbers[at]!
      if (lastItem[word] !== item) sharing[word]!++
      lastItem[word] = item
    }
  const nats = Float64Array.from(inText, (share, word) => {
    // A word that many items share is as common among them as one in twenty of their words.
    const inItems = sharing[word]! < LEAST_SHARING || items < LEAST_ITEMS ? 0 : sharing[word]! / items / 20
    const p = Math.max(share, inItems)
    return Math.max(LEAST_WEIGHT, -Math.log(p) - COMMON_NATS)
  })
  return { numbers, nats }
}

function concat(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function share(values: ArrayLike<number>): Int32Array {
  const shared = sharedInt32(values.length)
  shared.set(values)
  return shared
}

/** Positions of words. */
type Places = Int32Array

/** A text in stretches of about equal length. */
function cutText(places: Places): Places[] {
  const pieces = Math.max(1, Math.ceil(places.length / STRETCH_WORDS))
  return Array.from({ length: pieces }, (_, i) =>
    places.subarray(Math.floor((i * places.length) / pieces), Math.floor(((i + 1) * places.length) / pieces)),
  )
}

/**
 * What stands for an item: its question where that can be told from chance, else the question with the answer, else with
 * all choices; and the answer, where it can be told by itself. None = too short to decide.
 *
 * @param parts its text and its choices
 * @param nats of a text that stands at some places
 */
function stretchesOf(
  gold: number | null,
  [text, ...choices]: readonly Places[],
  nats: (places: Places) => number,
): { stretches: Places[]; isDecided: boolean } {
  const decides = (places: Places): boolean =>
    places.length >= SEED_N + 2 && nats(places) >= LEAST_INFORMATION
  const answer = gold === null ? undefined : choices[gold]
  const own = cutText(text!).filter(decides)
  const byItself = answer !== undefined && decides(answer) ? cutText(answer).filter(decides) : []
  if (own.length > 0 || byItself.length > 0) return { stretches: [...own, ...byItself], isDecided: true }
  const withGold = answer === undefined ? text! : concat([text!, answer])
  if (decides(withGold)) return { stretches: cutText(withGold).filter(decides), isDecided: true }
  const withAll = concat([text!, ...choices])
  return { stretches: decides(withAll) ? cutText(withAll).filter(decides) : [], isDecided: false }
}

/** The words of all items' texts and choices, and the stretches that stand for each. */
export function cutItems(items: readonly SoughtItem[], background: readonly string[]): CutItems {
  const list = new WordList()
  /** Where the texts and choices of all items begin, in order; and the first of each item's. */
  const partStarts = [0]
  const firstParts = items.map(({ text, choices }) => {
    const first = partStarts.length - 1
    for (const part of [text, ...choices]) partStarts.push(list.add(part))
    return first
  })
  firstParts.push(partStarts.length - 1)
  const wholeWords = share(list.words())
  const wholeStarts = share(firstParts.map((part) => partStarts[part]!))
  const partsOf = (item: number): Places[] =>
    Array.from({ length: firstParts[item + 1]! - firstParts[item]! }, (_, i) => {
      const part = firstParts[item]! + i
      return range(partStarts[part]!, partStarts[part + 1]!)
    })
  const { numbers, nats } = measureWords(
    background.map((text) => wordsOf(text)),
    wholeWords,
    wholeStarts,
  )
  const times = new Int32Array(nats.length)
  /** Nats of the words at some places: what stands there over twice is as common in any text of its kind as it is there. */
  const weigh = (places: Places): Float64Array => {
    for (const place of places) times[numbers[place]!]!++
    const weighed = new Float64Array(places.length)
    for (let i = 0; i < places.length; i++) {
      const word = numbers[places[i]!]!
      const further = (times[word]! - MOST_TIMES) / places.length
      weighed[i] =
        further > 0
          ? Math.min(nats[word]!, Math.max(LEAST_WEIGHT, -Math.log(further) - COMMON_NATS))
          : nats[word]!
    }
    for (const place of places) times[numbers[place]!] = 0
    return weighed
  }
  const seenBy = new Int32Array(nats.length)
  let look = 0
  /** Nats of the words at some places, each told once. */
  const natsAt = (places: Places): number => {
    look++
    return weigh(places).reduce((total, own, i) => {
      const word = numbers[places[i]!]!
      const isNew = seenBy[word] !== look
      seenBy[word] = look
      return isNew ? total + own : total
    }, 0)
  }
  const stretches: Places[] = []
  const itemOf: number[] = []
  const decided = sharedInt32(items.length)
  for (const [i, { gold }] of items.entries()) {
    const own = stretchesOf(gold, partsOf(i), natsAt)
    decided[i] = own.isDecided && own.stretches.length > 0 ? 1 : 0
    for (const stretch of own.stretches) {
      stretches.push(stretch)
      itemOf.push(i)
    }
  }
  const stretchStarts = sharedInt32(stretches.length + 1)
  for (const [s, { length }] of stretches.entries()) stretchStarts[s + 1] = stretchStarts[s]! + length
  const stretchWords = sharedInt32(stretchStarts[stretches.length]!)
  const weights = sharedInt32(stretchWords.length)
  for (const [s, places] of stretches.entries()) {
    const from = stretchStarts[s]!
    stretchWords.set(
      places.map((place) => wholeWords[place]!),
      from,
    )
    for (const [i, own] of weigh(places).entries()) weights[from + i] = Math.round(FIXED * own)
  }
  return {
    items: items.length,
    wholeWords,
    wholeStarts,
    stretchStarts,
    stretchWords,
    weights,
    itemOf: share(itemOf),
    decided,
    unspaced: share(items.map(({ text, choices }) => (isUnspaced([text, ...choices].join('\n')) ? 1 : 0))),
    spans: share(stretches.map(({ length }) => 3 * length + 48)),
  }
}
