/**
 * What a character does at the edge of a word.
 * `NONE` separates; `JOINING` runs together with its like into one word; `SINGLE` is a word by itself.
 */
export const NONE = 0
export const JOINING = 1
export const SINGLE = 2
export type WordClass = typeof NONE | typeof JOINING | typeof SINGLE

/** `\w` of Unicode Technical Standard #18, annex C, with all of \p{N} (as Python's and Rust's `\w` have it, or nearly). */
const WORD = /[\p{Alphabetic}\p{M}\p{N}\p{Pc}\p{Join_Control}]/u

/**
 * Scripts that put no space between words. Whether two of their characters belong to one word takes a dictionary,
 * so each stands for itself and a name may begin and end at any of them (UAX #29 breaks at most of them too).
 */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Javanese}\p{scx=Balinese}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Tai_Viet}\p{scx=Yi}]/u

const BLOCK_BITS = 8
const BLOCK_SIZE = 1 << BLOCK_BITS
const CODE_POINTS = 0x110000

function classify(codePoint: number): WordClass {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return NONE
  const character = String.fromCodePoint(codePoint)
  if (!WORD.test(character)) return NONE
  // Marks join what stands before them in every script.
  return UNSPACED.test(character) && !/\p{M}/u.test(character) ? SINGLE : JOINING
}

const blocks = new Array<Uint8Array | undefined>(CODE_POINTS >> BLOCK_BITS)

/** Class of a code point; tables are filled 256 code points at a time, when first asked for. */
export function wordClass(codePoint: number): WordClass {
  const index = codePoint >> BLOCK_BITS
  let block = blocks[index]
  if (block === undefined) {
    block = Uint8Array.from({ length: BLOCK_SIZE }, (_, i) => classify((index << BLOCK_BITS) + i))
    blocks[index] = block
  }
  return block[codePoint & (BLOCK_SIZE - 1)] as WordClass
}

/** Class by first byte of a UTF-8 sequence: ASCII as above, 3 for a byte that needs decoding. */
export const NEEDS_DECODING = 3
export const BYTE_CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? wordClass(byte) : NEEDS_DECODING,
)
