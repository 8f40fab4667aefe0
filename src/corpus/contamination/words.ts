import { JOINING, NONE, SINGLE, wordClass } from '../names/word-class.js'
import { KEPT, UNSPACED, type WordFilters, WordMemory } from './word-memory.js'

const SEPARATOR = 0
const VANISHING = /['\u2018\u2019\u02bc\u00ad\u200b-\u200f\u2060\ufeff\p{M}]/u

function letterOf(codePoint: number): number {
  const kind = wordClass(codePoint)
  if (kind === NONE || codePoint === 0x5f) return SEPARATOR
  return kind === JOINING ? codePoint : codePoint + UNSPACED
}

/**
 * A character in the words that are compared: letters and digits in lower case without their marks, in compatibility form;
 * apostrophes and invisible characters vanish; all else parts words. Text of a script without spaces is parted behind half of
 * the letters, always the same ones, so that the same text has the same words wherever it stands: of two letters on average, they
 * tell as much as words do elsewhere, where single letters abound in every text.
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

/** Letters of a script without spaces that make a text one of it: each tells as much as some letters elsewhere. */
const UNSPACED_SHARE = 1 / 3

/** Whether a text is of a script without spaces, by its letters. */
export function isUnspaced(text: string): boolean {
  // ASCII is quickly told.
  if (!/[^\0-\x7f]/.test(text)) return false
  let [unspaced, spaced] = [0, 0]
  for (const character of text) {
    const kind = wordClass(character.codePointAt(0)!)
    if (kind === SINGLE) unspaced++
    else if (kind === JOINING) spaced++
  }
  return unspaced > UNSPACED_SHARE * (unspaced + spaced)
}
