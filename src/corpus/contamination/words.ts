import { NONE, SINGLE, wordClass } from '../names/word-class.js'
import { ALONE, KEPT, type WordFilters, WordMemory } from './word-memory.js'

const SEPARATOR = 0
const VANISHING = /['\u2018\u2019\u02bc\u00ad\u200b-\u200f\u2060\ufeff\p{M}]/u

function letterOf(codePoint: number): number {
  const kind = wordClass(codePoint)
  if (kind === NONE || codePoint === 0x5f) return SEPARATOR
  return kind === SINGLE ? codePoint + ALONE : codePoint
}

/**
 * A character in the words that are compared: letters and digits in lower case without their marks, in compatibility form;
 * apostrophes and invisible characters vanish; all else parts words.
 */
function fold(codePoint: number): readonly number[] {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return [SEPARATOR]
  const character = String.fromCodePoint(codePoint)
  if (VANISHING.test(character)) return []
  const isHangul = codePoint >= 0xac00 && codePoint <= 0xd7a3
  const letters = [...(isHangul ? character : character.normalize('NFKD').toLowerCase())]
    .filter((letter) => !VANISHING.test(letter))
    .map((letter) => letterOf(letter.codePointAt(0)!))
  return letters.every((letter) => letter === SEPARATOR) ? [SEPARATOR] : letters
}

/** A reader of normalised words; with filters it tells where something may stand that is sought. */
export function createWordReader(filters?: WordFilters): WordMemory {
  return new WordMemory(fold, filters)
}

let reader: WordMemory | undefined

/** Hashes of all words of a text. */
export function wordsOf(text: string): Int32Array {
  reader ??= createWordReader()
  const bytes = Buffer.from(text, 'utf8')
  const words: number[] = []
  reader.reset()
  reader.begin(bytes, 0, bytes.length, 0)
  for (let [isFull, at] = [true, KEPT]; isFull; ) {
    isFull = reader.read()
    for (; at < reader.position(); at++) words.push(reader.kept[at & (KEPT - 1)]!)
  }
  return Int32Array.from(words)
}
