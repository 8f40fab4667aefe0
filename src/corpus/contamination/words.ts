import { decodeAt } from '../names/utf8.js'
import { NONE, SINGLE, wordClass } from '../names/word-class.js'

/** What a character is to a normalised word: nothing that parts it, nothing at all, or a letter. */
const SEPARATOR = 0
const SKIPPED = 1
/** Added to a letter that is a word by itself (scripts without spaces). */
const ALONE = 1 << 24

const APOSTROPHES = /['\u2018\u2019\u02bc\u00ad\u200b-\u200f\u2060\ufeff]/

/**
 * A character in the words that are compared: letters and digits in lower case without their marks, in compatibility form;
 * apostrophes and invisible characters vanish; all else parts words.
 */
function fold(codePoint: number): number {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return SEPARATOR
  const character = String.fromCodePoint(codePoint)
  if (APOSTROPHES.test(character) || /\p{M}/u.test(character)) return SKIPPED
  const isHangul = codePoint >= 0xac00 && codePoint <= 0xd7a3
  const letter = (isHangul ? character : character.normalize('NFKD')).toLowerCase().codePointAt(0)!
  const kind = wordClass(letter)
  if (kind === NONE || letter === 0x5f) return SEPARATOR
  return kind === SINGLE ? letter + ALONE : letter
}

const BLOCK_BITS = 8
const blocks = new Array<Int32Array | undefined>(0x110000 >> BLOCK_BITS)

function folded(codePoint: number): number {
  const index = codePoint >> BLOCK_BITS
  let block = blocks[index]
  if (block === undefined) {
    block = Int32Array.from({ length: 1 << BLOCK_BITS }, (_, i) => fold((index << BLOCK_BITS) + i))
    blocks[index] = block
  }
  return block[codePoint & ((1 << BLOCK_BITS) - 1)]!
}

const ASCII = Uint8Array.from({ length: 128 }, (_, byte) => fold(byte))
const SEED = 0x811c9dc5 | 0
const PRIME = 0x01000193

function finish(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return h ^ (h >>> 13)
}

/** Cuts UTF-8 into normalised words and gives their hashes, a buffer at a time. */
export class WordReader {
  /** Hashes of the words that were read last, of which `length` are valid. */
  readonly words: Int32Array
  length = 0

  constructor(capacity = 1 << 15) {
    this.words = new Int32Array(capacity)
  }

  /** Read from `at`; returns where to go on, `end` once all is read. */
  read(bytes: Uint8Array, at: number, end: number): number {
    const { words } = this
    const most = words.length - 2
    let n = 0
    let hash = SEED
    let here = at
    while (here < end) {
      const byte = bytes[here]!
      let letter: number
      if (byte < 0x80) {
        letter = ASCII[byte]!
        here++
      } else {
        const decoded = decodeAt(bytes, here, end)
        letter = folded(decoded >> 3)
        here += decoded & 7
      }
      if (letter > SKIPPED && letter < ALONE) hash = Math.imul(hash ^ letter, PRIME)
      else if (letter !== SKIPPED) {
        if (hash !== SEED) words[n++] = finish(hash)
        hash = SEED
        if (letter >= ALONE) words[n++] = finish(Math.imul(hash ^ letter, PRIME))
        if (n >= most) {
          this.length = n
          return here
        }
      }
    }
    if (hash !== SEED) words[n++] = finish(hash)
    this.length = n
    return here
  }
}

/** All words of a text. */
export function wordsOf(text: string): Int32Array {
  const bytes = Buffer.from(text, 'utf8')
  const reader = new WordReader(bytes.length + 3)
  reader.read(bytes, 0, bytes.length)
  return reader.words.slice(0, reader.length)
}
