/** What a character is to the measures of a document's text; 0 = a symbol. As in assembly/scan.ts. */
const LETTER = 1
const DIGIT = 2
const SPACE = 3
/** A letter of a script without spaces: a term by itself. */
const SINGLE = 4

const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u

/** Class of a code point that is no surrogate. */
export function characterClass(codePoint: number): number {
  const character = String.fromCodePoint(codePoint)
  if (/[\s\x85]/u.test(character)) return SPACE
  if (/\p{Nd}/u.test(character)) return DIGIT
  if (/\p{M}/u.test(character)) return LETTER
  if (!/\p{L}/u.test(character)) return 0
  return UNSPACED.test(character) ? SINGLE : LETTER
}
