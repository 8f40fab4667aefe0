import { Growing, KeyCounts } from './growing.js'
import { hasRepeatedNgrams, hasTopNgram, type Ngrams } from './repetition.js'
import {
  EVENTS_AT,
  LENGTHS_AT,
  LINE_BYTES_AT,
  LINE_HASHES_AT,
  PARAGRAPHS_AT,
  ScanMemory,
  TERMS_AT,
} from './scan-memory.js'
import { LOREM, WATCHED } from './watched.js'

/**
 * Everything that one look at a document's bytes tells, for all measures at once. One object serves document after
 * document; its arrays are overwritten.
 *
 * A *word* is what stands between white space; a *term* is a run of letters and digits, ASCII in lower case, or one
 * letter of a script without spaces; a *line* is one with something in it, trimmed; a *paragraph* is a run of such lines.
 *
 * The look itself is assembly/scan.ts; the plain version that it equals is test/corpus/plain-scan.ts.
 */
export class DocumentScan {
  bytes = 0
  characters = 0
  letters = 0
  /** Letters of scripts without spaces. */
  singles = 0
  digits = 0
  spaces = 0
  /** Ill-formed stretches of UTF-8. */
  illFormed = 0
  /** U+FFFD as it was written. */
  replacements = 0
  /** Control characters that are no white space. */
  controls = 0
  /** UTF-8 that was read as Windows-1252 and written again: `Ã©`, `â€™`. */
  mojibake = 0
  words = 0
  /** Characters in words. */
  wordCharacters = 0
  /** Words with a letter. */
  alphabeticWords = 0
  /** `#` signs. */
  hashSigns = 0
  /** `…` and `...`. */
  ellipses = 0
  curlyBrackets = 0
  sentences = 0
  /** HTML tags and entities. */
  markup = 0
  /** A bit for each of STOP_WORDS. */
  stopWords = 0
  /** Terms that are stop words. */
  stopWordTerms = 0
  notices = 0
  loremIpsum = 0
  javascript = 0
  lines = 0
  bulletLines = 0
  ellipsisLines = 0
  /** Lines that end as sentences do. */
  terminalLines = 0
  /** Lines that stood in the document before, and their bytes. */
  repeatedLines = 0
  repeatedLineBytes = 0
  /** Bytes of all lines, trimmed. */
  lineBytes = 0
  repeatedParagraphs = 0
  repeatedParagraphBytes = 0
  /** Whether the last character ends a sentence (or closes one); true for a document without characters. */
  endsClosed = true
  /** Hashes of the terms and their characters, shapes (terms). */
  readonly terms = new Growing()
  readonly termLengths = new Growing()
  /** Of every paragraph: both halves of its hash, its bytes, shapes (paragraphs). */
  readonly paragraphHigh = new Growing(64)
  readonly paragraphLow = new Growing(64)
  readonly paragraphBytes = new Growing(64)
  /** Where it begins, from the document's first byte. */
  readonly paragraphFrom = new Growing(64)
  /** Both halves of the document's hash. */
  hashHigh = 0
  hashLow = 0
  readonly #counts = new KeyCounts()
  readonly #lineHashes = new Growing(64)
  readonly #lineBytes = new Growing(64)
  readonly #memory = new ScanMemory()
  #ngrams: Ngrams | undefined

  /** Look at `bytes[begin…end)`. */
  scan(bytes: Uint8Array, begin: number, end: number): void {
    this.bytes = end - begin
    this.notices = 0
    this.loremIpsum = 0
    this.javascript = 0
    this.terms.clear()
    this.termLengths.clear()
    this.paragraphHigh.clear()
    this.paragraphLow.clear()
    this.paragraphBytes.clear()
    this.paragraphFrom.clear()
    this.#lineHashes.clear()
    this.#lineBytes.clear()
    const memory = this.#memory
    memory.begin(bytes, begin, end)
    for (let isFull = true; isFull; ) {
      isFull = memory.scan()
      this.#take()
    }
    memory.read(this)
    this.endsClosed = memory.endsClosed()
    this.wordCharacters = this.characters - this.spaces
    this.#countRepeats()
    this.#ngrams = undefined
  }

  /** Take over what stands in the buffers. */
  #take(): void {
    const { ints } = this.#memory
    const { terms, lines, paragraphs, events } = this.#memory.held()
    this.terms.append(ints, TERMS_AT / 4, TERMS_AT / 4 + terms)
    this.termLengths.append(ints, LENGTHS_AT / 4, LENGTHS_AT / 4 + terms)
    this.#lineHashes.append(ints, LINE_HASHES_AT / 4, LINE_HASHES_AT / 4 + lines)
    this.#lineBytes.append(ints, LINE_BYTES_AT / 4, LINE_BYTES_AT / 4 + lines)
    for (let i = 0, at = PARAGRAPHS_AT / 4; i < paragraphs; i++, at += 4) {
      this.paragraphHigh.push(ints[at]!)
      this.paragraphLow.push(ints[at + 1]!)
      this.paragraphBytes.push(ints[at + 2]!)
      this.paragraphFrom.push(ints[at + 3]!)
    }
    for (let i = 0, at = EVENTS_AT / 4; i < events; i++, at += 3)
      this.#watch(ints[at]!, ints[at + 1]!, ints[at + 2]!)
  }

  /** A watched term stands behind two others, by their hashes. */
  #watch(index: number, before: number, beforeThat: number): void {
    const { notices, isLoremIpsum, isJavascript } = WATCHED[index - 1]!
    if (isJavascript) this.javascript++
    if (isLoremIpsum && before === LOREM) this.loremIpsum++
    if (notices.some(([first, second]) => first === before && (second ?? beforeThat) === beforeThat))
      this.notices++
  }

  #countRepeats(): void {
    this.repeatedLines = 0
    this.repeatedLineBytes = 0
    this.#counts.begin(this.lines)
    for (let i = 0; i < this.lines; i++)
      if (this.#counts.count(this.#lineHashes.values[i]!) > 0) {
        this.repeatedLines++
        this.repeatedLineBytes += this.#lineBytes.values[i]!
      }
    this.repeatedParagraphs = 0
    this.repeatedParagraphBytes = 0
    this.#counts.begin(this.paragraphHigh.length)
    for (let i = 0; i < this.paragraphHigh.length; i++)
      if (this.#counts.count(this.paragraphHigh.values[i]!) > 0) {
        this.repeatedParagraphs++
        this.repeatedParagraphBytes += this.paragraphBytes.values[i]!
      }
  }

  /** The least value of each MinHash over shingles, shape (bands × rows); valid until the next call. */
  leastHashes({ values, length }: Growing): Int32Array {
    return this.#memory.leastHashes(values, length)
  }

  /** Share of the terms' characters that the most frequent n-gram covers; 0 where none repeats. */
  topNgramShare(n: number): number {
    return this.#held().topShare(n)
  }

  /** Share of the terms' characters within repeated n-grams. */
  repeatedNgramShare(n: number): number {
    return this.#held().repeatedShare(n)
  }

  /** Whether the most frequent run of 2, 3 or 4 terms covers more than its limit. */
  hasTopNgram(): boolean {
    return hasTopNgram(this.#held())
  }

  /** Whether runs of 5 to 10 terms that stood before cover more than their limit. */
  hasRepeatedNgrams(): boolean {
    return hasRepeatedNgrams(this.#held())
  }

  #held(): Ngrams {
    this.#ngrams ??= this.#memory.ngrams(this.terms, this.termLengths)
    return this.#ngrams
  }
}
