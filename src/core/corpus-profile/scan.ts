import { ASCII_CLASS, characterClass, DIGIT, LETTER, SINGLE, SPACE } from './characters.js'
import { decodeAt, ILL_FORMED, REPLACEMENT } from './decode.js'
import { Growing, KeyCounts } from './growing.js'
import { hashBytes, hashed, spread } from './hash.js'
import { isEntity, isTag } from './markup.js'
import {
  hasRepeatedNgrams,
  hasTopNgram,
  type NgramTexts,
  ngramTexts,
  repeatedNgramShare,
  topNgram,
} from './repetition.js'
import {
  LOREM,
  SLOT_MASK,
  TERM_PRIME,
  TERM_START,
  WATCHED,
  WATCHED_BY_SLOT,
  type Watched,
} from './watched.js'

const NEWLINE = 0x0a
const NINE = 0x39
/** A letter or digit of ASCII in lower case; 0 for every other byte. */
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => {
  const kind = byte < 0x80 ? ASCII_CLASS[byte] : SPACE
  return kind === LETTER ? byte | 0x20 : kind === DIGIT ? byte : 0
})
const ELLIPSIS = 0x2026

/** What ends a sentence, or closes one that has ended. */
const TERMINAL = new Set([...'.!?…。！？"\'”’»」』)]）】*`:;|>'].map((c) => c.codePointAt(0)!))
const SENTENCE_ENDS = new Set([...'。！？'].map((c) => c.codePointAt(0)!))
const BULLETS = new Set([...'•‣▪●'].map((c) => c.codePointAt(0)!))
/** What a line of prose ends with. Source: Raffel et al., arXiv:1910.10683, Section 2.2; and its like in other scripts. */
const LINE_ENDS = new Set([...'.!?"”。！？'].map((c) => c.codePointAt(0)!))
/** These follow a capital letter in good text as well. */
const QUOTES = new Set([...'…‘’“”–—'].map((c) => c.codePointAt(0)!))

/** A character that Windows-1252 has at 0x80–0x9F, or one of 0xA0–0xBF: the second half of a letter read twice. */
const CONTINUATION = new Set([
  ...[...'€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'].map((c) => c.codePointAt(0)!),
  ...Array.from({ length: 0x40 }, (_, i) => 0x80 + i),
])

/**
 * Everything that one look at a document's bytes tells, for all measures at once. One object serves document after
 * document; its arrays are overwritten.
 *
 * A *word* is what stands between white space; a *term* is a run of letters and digits, ASCII in lower case, or one
 * letter of a script without spaces; a *line* is one with something in it, trimmed; a *paragraph* is a run of such lines.
 *
 * The plain version that it equals: test/corpus/plain-scan.ts
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
  readonly #lineLengths = new Growing(64)
  #lineHigh = 0
  #lineLow = 0
  #linesOfParagraph = 0
  #begin = 0
  #paragraphBytes = 0

  /** Look at `bytes[begin…end)`. */
  scan(bytes: Uint8Array, begin: number, end: number): void {
    this.#reset(begin)
    this.bytes = end - begin
    hashBytes(bytes, begin, end)
    this.hashHigh = hashed[0]!
    this.hashLow = hashed[1]!
    let characters = 0
    let letters = 0
    let digits = 0
    let spaces = 0
    let termHash = TERM_START
    let termLength = 0
    /** Place, character and letters right behind the last white space. */
    let wordFrom = begin
    let wordCharacter = 0
    let wordLetters = 0
    let lineFrom = -1
    let lineTo = begin
    let lastDot = -2
    let dots = 0
    let previous = 0
    let beforePrevious = 0
    let last = 0
    for (let at = begin; at < end; ) {
      const byte = bytes[at]!
      let kind: number
      let code: number
      let length = 1
      if (byte < 0x80) {
        previous = 0
        if (LOWER[byte] !== 0) {
          const from = at
          const digitsBefore = digits
          for (; at < end; at++) {
            const lower = LOWER[bytes[at]!]!
            if (lower === 0) break
            termHash = Math.imul(termHash ^ lower, TERM_PRIME)
            if (lower <= NINE) digits++
          }
          termLength += at - from
          characters += at - from
          letters += at - from - (digits - digitsBefore)
          last = bytes[at - 1]!
          continue
        }
        code = byte
        kind = ASCII_CLASS[byte]!
        characters++
      } else {
        const decoded = decodeAt(bytes, at, end)
        length = decoded & 7
        code = decoded >> 3
        if (code & ILL_FORMED) {
          this.illFormed++
          code = REPLACEMENT
        } else if (code === REPLACEMENT) this.replacements++
        kind = characterClass(code)
        if (isMojibake(previous, beforePrevious, code)) this.mojibake++
        else if (code < 0xa0 && kind !== SPACE) this.controls++
        characters++
        beforePrevious = previous
        previous = code
        if (kind === LETTER || kind === DIGIT) {
          if (kind === LETTER) letters++
          else digits++
          for (let i = at; i < at + length; i++) termHash = Math.imul(termHash ^ bytes[i]!, TERM_PRIME)
          termLength++
          last = code
          at += length
          continue
        }
      }
      if (termLength > 0) {
        this.#endTerm(termHash, termLength)
        termHash = TERM_START
        termLength = 0
      }
      if (kind === SPACE) {
        spaces++
        if (at > wordFrom) {
          this.words++
          if (letters > wordLetters) this.alphabeticWords++
          this.wordCharacters += characters - 1 - wordCharacter
          if (lineFrom < 0) lineFrom = wordFrom
          lineTo = at
        }
        wordFrom = at + length
        wordCharacter = characters
        wordLetters = letters
        if (code === NEWLINE) {
          this.#endLine(bytes, lineFrom, lineTo)
          lineFrom = -1
        }
      } else {
        last = code
        if (kind === SINGLE) {
          letters++
          this.singles++
          for (let i = at; i < at + length; i++) termHash = Math.imul(termHash ^ bytes[i]!, TERM_PRIME)
          this.#endTerm(termHash, 1)
          termHash = TERM_START
        } else
          switch (code) {
            case 0x2e: // .
              dots = lastDot === at - 1 ? dots + 1 : 1
              lastDot = at
              if (dots === 3) {
                this.ellipses++
                dots = 0
              }
              if (endsSentence(bytes, at + 1, end)) this.sentences++
              break
            case 0x21: // !
            case 0x3f: // ?
              if (endsSentence(bytes, at + 1, end)) this.sentences++
              break
            case 0x23:
              this.hashSigns++
              break
            case 0x7b:
              this.curlyBrackets++
              break
            case 0x3c:
              if (isTag(bytes, at, end)) this.markup++
              break
            case 0x26:
              if (isEntity(bytes, at, end)) this.markup++
              break
            case ELLIPSIS:
              this.ellipses++
              break
            default:
              if (code < 0x20 || code === 0x7f) this.controls++
              else if (SENTENCE_ENDS.has(code)) this.sentences++
          }
      }
      at += length
    }
    if (termLength > 0) this.#endTerm(termHash, termLength)
    if (end > wordFrom) {
      this.words++
      if (letters > wordLetters) this.alphabeticWords++
      this.wordCharacters += characters - wordCharacter
      if (lineFrom < 0) lineFrom = wordFrom
      lineTo = end
    }
    this.#endLine(bytes, lineFrom, lineTo)
    this.#endParagraph()
    this.#countRepeats()
    this.characters = characters
    this.letters = letters
    this.digits = digits
    this.spaces = spaces
    this.endsClosed = last === 0 || TERMINAL.has(last)
  }

  /** Share of the terms' characters that the most frequent n-gram covers; 0 where none repeats. */
  topNgramShare(n: number): number {
    return topNgram(this.#ngrams(), n, this.#counts).share
  }

  /** Share of the terms' characters within repeated n-grams. */
  repeatedNgramShare(n: number): number {
    return repeatedNgramShare(this.#ngrams(), n, this.#counts)
  }

  /** Whether the most frequent run of 2, 3 or 4 terms covers more than its limit. */
  hasTopNgram(): boolean {
    return hasTopNgram(this.#ngrams(), this.#counts)
  }

  /** Whether runs of 5 to 10 terms that stood before cover more than their limit. */
  hasRepeatedNgrams(): boolean {
    return hasRepeatedNgrams(this.#ngrams(), this.#counts)
  }

  #ngrams(): NgramTexts {
    return ngramTexts(this.terms, this.termLengths)
  }

  #reset(begin: number): void {
    this.singles = 0
    this.illFormed = 0
    this.replacements = 0
    this.controls = 0
    this.mojibake = 0
    this.words = 0
    this.wordCharacters = 0
    this.alphabeticWords = 0
    this.hashSigns = 0
    this.ellipses = 0
    this.curlyBrackets = 0
    this.sentences = 0
    this.markup = 0
    this.stopWords = 0
    this.stopWordTerms = 0
    this.notices = 0
    this.loremIpsum = 0
    this.javascript = 0
    this.lines = 0
    this.bulletLines = 0
    this.ellipsisLines = 0
    this.terminalLines = 0
    this.repeatedLines = 0
    this.repeatedLineBytes = 0
    this.lineBytes = 0
    this.repeatedParagraphs = 0
    this.repeatedParagraphBytes = 0
    this.terms.clear()
    this.termLengths.clear()
    this.paragraphHigh.clear()
    this.paragraphLow.clear()
    this.paragraphBytes.clear()
    this.paragraphFrom.clear()
    this.#begin = begin
    this.#lineHashes.clear()
    this.#lineLengths.clear()
  }

  #endTerm(hash: number, length: number): void {
    this.terms.push(hash)
    this.termLengths.push(length)
    const slot = WATCHED_BY_SLOT[hash & SLOT_MASK]!
    if (slot === 0) return
    const watched = WATCHED[slot - 1]!
    if (watched.hash === hash) this.#watch(watched)
  }

  #watch({ stopWord, notices, isLoremIpsum, isJavascript }: Watched): void {
    if (stopWord >= 0) {
      this.stopWords |= 1 << stopWord
      this.stopWordTerms++
    }
    if (isJavascript) this.javascript++
    const { values, length } = this.terms
    const stands = (before: readonly number[]): boolean =>
      before.every((hash, i) => length - 2 - i >= 0 && values[length - 2 - i] === hash)
    if (isLoremIpsum && stands([LOREM])) this.loremIpsum++
    if (notices.some(stands)) this.notices++
  }

  #countRepeats(): void {
    this.#counts.begin(this.lines)
    for (let i = 0; i < this.lines; i++)
      if (this.#counts.count(this.#lineHashes.values[i]!) > 0) {
        this.repeatedLines++
        this.repeatedLineBytes += this.#lineLengths.values[i]!
      }
    this.#counts.begin(this.paragraphHigh.length)
    for (let i = 0; i < this.paragraphHigh.length; i++)
      if (this.#counts.count(this.paragraphHigh.values[i]!) > 0) {
        this.repeatedParagraphs++
        this.repeatedParagraphBytes += this.paragraphBytes.values[i]!
      }
  }

  /** A line of `bytes[from…to)`, trimmed; from < 0 = a blank one. */
  #endLine(bytes: Uint8Array, from: number, to: number): void {
    if (from < 0) {
      this.#endParagraph()
      return
    }
    hashBytes(bytes, from, to)
    const high = hashed[0]!
    const low = hashed[1]!
    this.lines++
    this.lineBytes += to - from
    this.#lineHashes.push(high)
    this.#lineLengths.push(to - from)
    const last = lastCharacter(bytes, from, to)
    const isEllipsis =
      last === ELLIPSIS || (last === 0x2e && bytes[to - 2] === 0x2e && bytes[to - 3] === 0x2e)
    if (isEllipsis && (last === ELLIPSIS || to - from >= 3)) this.ellipsisLines++
    if (LINE_ENDS.has(last)) this.terminalLines++
    if (isBullet(bytes, from, to)) this.bulletLines++
    this.#lineHigh = (Math.imul(this.#lineHigh ^ high, 0x85ebca6b) + this.#linesOfParagraph) | 0
    this.#lineLow = (Math.imul(this.#lineLow ^ low, 0xc2b2ae35) + high) | 0
    if (this.#linesOfParagraph++ === 0) this.paragraphFrom.push(from - this.#begin)
    this.#paragraphBytes += to - from
  }

  #endParagraph(): void {
    if (this.#linesOfParagraph === 0) return
    const high = spread(this.#lineHigh)
    this.paragraphHigh.push(high)
    this.paragraphLow.push(spread(this.#lineLow))
    this.paragraphBytes.push(this.#paragraphBytes)
    this.#lineHigh = 0
    this.#lineLow = 0
    this.#linesOfParagraph = 0
    this.#paragraphBytes = 0
  }
}

/** Whether what follows a full stop lets it end a sentence: white space, a closing mark, or nothing. */
function endsSentence(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return true
  const byte = bytes[at]!
  return byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x29 || byte === 0x5d
}

function isMojibake(previous: number, beforePrevious: number, code: number): boolean {
  if (previous === 0xc2 || previous === 0xc3)
    return CONTINUATION.has(code) && (code < 0xc0 || !QUOTES.has(code))
  if (beforePrevious === 0xe2)
    return (previous === 0x20ac || previous === 0x201a || previous === 0x201e) && CONTINUATION.has(code)
  return (
    (previous === 0xd0 || previous === 0xd1) && CONTINUATION.has(beforePrevious) && CONTINUATION.has(code)
  )
}

/** Last character of `bytes[from…to)`; U+FFFD for what is ill-formed. */
function lastCharacter(bytes: Uint8Array, from: number, to: number): number {
  let at = to - 1
  if (bytes[at]! < 0x80) return bytes[at]!
  while (at > from && to - at < 4 && (bytes[at]! & 0xc0) === 0x80) at--
  if (bytes[at]! < 0x80) return REPLACEMENT
  const decoded = decodeAt(bytes, at, to)
  return at + (decoded & 7) === to ? (decoded >> 3) & ~ILL_FORMED : REPLACEMENT
}

/** A bullet stands at the beginning; `-` and `*` with a space behind them. */
function isBullet(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from]!
  if (first === 0x2d || first === 0x2a) return bytes[from + 1] === 0x20 && to - from > 1
  return first === 0xe2 && BULLETS.has(decodeAt(bytes, from, to) >> 3)
}
