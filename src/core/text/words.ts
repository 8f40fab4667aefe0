/** Code points that Python's `\s` matches on str, as inclusive ranges. */
const PYTHON_SPACE_RANGES: readonly (readonly [number, number])[] = [
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]

/**
 * White space as Python's `\s` has it. JavaScript's is another set: it lacks U+0085 and U+001C–1F and has
 * U+FEFF (docs/methods/surprisal.md#bits-per-byte), so word counts, and with them word perplexity, would differ.
 */
const SPACES = `[${PYTHON_SPACE_RANGES.map(([a, b]) => `${String.fromCharCode(a)}-${String.fromCharCode(b)}`).join('')}]+`
const PYTHON_SPACE = new RegExp(SPACES, 'u')
const SPACE_AT_END = new RegExp(`${SPACES}$`, 'u')
const SPACE_AT_START = new RegExp(`^${SPACES}`, 'u')

/** Number of words as lm-evaluation-harness counts them: `len(re.split(r"\s+", text))`, empty edges included. */
export function countWords(text: string): number {
  return text.split(PYTHON_SPACE).length
}

/** Words without the empty strings at the edges: what fertility is measured on. */
export function splitWords(text: string): string[] {
  return text.split(PYTHON_SPACE).filter((word) => word !== '')
}

/** White space at a text's end, as Python's `rstrip` takes it off. */
export function trailingSpace(text: string): string {
  return SPACE_AT_END.exec(text)?.[0] ?? ''
}

/** A text without white space at its ends, as Python's `strip` leaves it. */
export function stripped(text: string): string {
  return text.replace(SPACE_AT_START, '').replace(SPACE_AT_END, '')
}
