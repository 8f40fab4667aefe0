/** What a character is to the measures of a document's text. */
export const SYMBOL = 0
export const LETTER = 1
export const DIGIT = 2
export const SPACE = 3
/** A letter of a script without spaces: a term by itself. */
export const SINGLE = 4

const BLOCK_BITS = 8
const BLOCK_SIZE = 1 << BLOCK_BITS
const CODE_POINTS = 0x110000

const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint)
  if (/[\s\x85]/u.test(character)) return SPACE
  if (/\p{Nd}/u.test(character)) return DIGIT
  if (/\p{M}/u.test(character)) return LETTER
  if (!/\p{L}/u.test(character)) return SYMBOL
  return UNSPACED.test(character) ? SINGLE : LETTER
}

const blocks = new Array<Uint8Array | undefined>(CODE_POINTS >> BLOCK_BITS)

/** Class of a code point; tables are filled 256 code points at a time, when first asked for. */
export function characterClass(codePoint: number): number {
  const index = codePoint >> BLOCK_BITS
  let block = blocks[index]
  if (block === undefined) {
    block = Uint8Array.from({ length: BLOCK_SIZE }, (_, i) => classify((index << BLOCK_BITS) + i))
    blocks[index] = block
  }
  return block[codePoint & (BLOCK_SIZE - 1)]!
}

/** Classes of ASCII, shape (128). */
export const ASCII_CLASS: Uint8Array = Uint8Array.from({ length: 128 }, (_, byte) => characterClass(byte))
