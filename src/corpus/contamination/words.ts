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

/** Hashes of the words of texts, one behind the other. */
export class WordList {
  #words = new Int32Array(1 << 12)
  #length = 0

  /** Words of all texts, this one included. */
  add(text: string): number {
    reader ??= createWordReader()
    const bytes = Buffer.from(text, 'utf8')
    reader.reset()
    reader.begin(bytes, 0, bytes.length, 0)
    for (let [isFull, at] = [true, KEPT]; isFull; ) {
      isFull = reader.read()
      for (; at < reader.position(); at++) this.#push(reader.kept[at & (KEPT - 1)]!)
    }
    return this.#length
  }

  #push(word: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Int32Array(2 * this.#length)
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words[this.#length++] = word
  }

  /** Valid until the next text is added. */
  words(): Int32Array {
    return this.#words.subarray(0, this.#length)
  }
}

/** Hashes of all words of a text. */
export function wordsOf(text: string): Int32Array {
  const list = new WordList()
  list.add(text)
  return list.words()
}
