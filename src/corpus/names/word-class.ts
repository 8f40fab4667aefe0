/**
 * What a character does at the edge of a word.
 * `NONE` separates; `JOINING` runs together with its like into one word; `SINGLE` begins a word of its own. Nothing is
 * ever cut off before an `EXTEND` (a mark, or a vowel written after its consonant); a `LINKER` takes the `SINGLE` after
 * it along too (stacked consonants), as does a `PREPEND` (a vowel written before its consonant).
 */
export const NONE = 0
export const JOINING = 1
export const SINGLE = 2
export const EXTEND = 3
export const LINKER = 4
export const PREPEND = 5
export type WordClass = 0 | 1 | 2 | 3 | 4 | 5

/** `\w` of Unicode Technical Standard #18, annex C, with all of \p{N} (as Python's and Rust's `\w` have it, or nearly). */
const WORD = /[\p{Alphabetic}\p{M}\p{N}\p{Pc}\p{Join_Control}]/u

/**
 * Scripts that put no space between words. Whether two of their characters belong to one word takes a dictionary, so a
 * name may begin and end at the edge of any of their clusters (docs/decisions/0055-no-character-is-cut.md).
 */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Javanese}\p{scx=Balinese}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Tai_Viet}\p{scx=Ahom}\p{scx=Yi}]/u

/** Grapheme_Cluster_Break = Extend or SpacingMark (UAX #29, table 2), marks of every kind, and what `AFTER` names. */
const EXTENDS = /[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200d]/u
/** Letters that write the vowel of the consonant before them: Thai and Lao A, AA, AM, LAKKHANGYAO. */
const AFTER = /[\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3]/u
/** Letters that write the vowel of the consonant after them, U+0E40 เ and its like in Lao and the Tai scripts. */
const BEFORE = /\p{Logical_Order_Exception}/u
/** Signs that stack the next consonant below: Myanmar, Khmer, Tai Tham, Balinese, Javanese (InCB = Linker, Unicode 16). */
const STACKS = /[\u1039\u17d2\u1a60\u1b44\ua9c0]/u

const BLOCK_BITS = 8
const BLOCK_SIZE = 1 << BLOCK_BITS
const CODE_POINTS = 0x110000

function classify(codePoint: number): WordClass {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return NONE
  const character = String.fromCodePoint(codePoint)
  if (STACKS.test(character)) return LINKER
  if (EXTENDS.test(character) || AFTER.test(character)) return EXTEND
  if (!WORD.test(character)) return NONE
  if (!UNSPACED.test(character)) return JOINING
  return BEFORE.test(character) ? PREPEND : SINGLE
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

/** Whether a character stays with the one before it. */
export function extendsBack(kind: WordClass): boolean {
  return kind === EXTEND || kind === LINKER
}

/** Class by first byte of a UTF-8 sequence: ASCII as above, 6 for a byte that needs decoding. */
export const NEEDS_DECODING = 6
export const BYTE_CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? wordClass(byte) : NEEDS_DECODING,
)
