import type { DocumentScan } from './scan.js'

/** A sign of a document that does not teach what one would want taught. */
export interface QualityRule {
  /** Permanent name. */
  readonly id: string
  /** What a document has that breaks it, in words. */
  readonly title: string
  readonly source: string
  breaks(scan: DocumentScan): boolean
}

const GOPHER = 'Rae et al., arXiv:2112.11446, Table A1'
const GOPHER_REPETITION = 'Rae et al., arXiv:2112.11446, Appendix A.1.1'
const C4 = 'Raffel et al., arXiv:1910.10683, Section 2.2'
const OWN = 'docs/methods/corpus.md#quality'

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Texts of scripts without spaces have no words to count; a text without letters has. */
const isSpaced = ({ singles, letters }: DocumentScan): boolean => singles === 0 || 2 * singles < letters
const hasProse = (scan: DocumentScan): boolean => isSpaced(scan) && scan.words > 0

/** Every rule, in the order of reports. */
export const QUALITY_RULES: readonly QualityRule[] = [
  {
    id: 'empty',
    title: 'nothing but white space',
    source: OWN,
    breaks: (s) => s.characters === s.spaces,
  },
  { id: 'short', title: 'fewer than 50 words', source: GOPHER, breaks: (s) => hasProse(s) && s.words < 50 },
  { id: 'long', title: 'more than 100,000 words', source: GOPHER, breaks: (s) => s.words > 100_000 },
  {
    id: 'word-length',
    title: 'words of fewer than 3 or more than 10 characters on average',
    source: GOPHER,
    breaks: (s) => {
      if (!hasProse(s)) return false
      const mean = s.wordCharacters / s.words
      return mean < 3 || mean > 10
    },
  },
  {
    id: 'hash-or-ellipsis',
    title: 'more than one # or … for ten words',
    source: GOPHER,
    breaks: (s) => hasProse(s) && (s.hashSigns > 0.1 * s.words || s.ellipses > 0.1 * s.words),
  },
  {
    id: 'bullets',
    title: 'more than 90 % of lines begin with a bullet',
    source: GOPHER,
    breaks: (s) => s.bulletLines > 0.9 * s.lines,
  },
  {
    id: 'ellipsis-lines',
    title: 'more than 30 % of lines end with an ellipsis',
    source: GOPHER,
    breaks: (s) => s.ellipsisLines > 0.3 * s.lines,
  },
  {
    id: 'few-letters',
    title: 'fewer than 80 % of words have a letter',
    source: GOPHER,
    breaks: (s) => hasProse(s) && s.alphabeticWords < 0.8 * s.words,
  },
  {
    id: 'stop-words',
    title: 'fewer than two of the, be, to, of, and, that, have, with (English alone has them)',
    source: GOPHER,
    breaks: (s) => (s.stopWords & (s.stopWords - 1)) === 0,
  },
  {
    id: 'repeated-lines',
    title: 'more than 30 % of lines, or 20 % of their bytes, stood in the document before',
    source: GOPHER_REPETITION,
    breaks: (s) => s.repeatedLines > 0.3 * s.lines || s.repeatedLineBytes > 0.2 * s.lineBytes,
  },
  {
    id: 'repeated-paragraphs',
    title: 'more than 30 % of paragraphs, or 20 % of their bytes, stood in the document before',
    source: GOPHER_REPETITION,
    breaks: (s) =>
      s.repeatedParagraphs > 0.3 * s.paragraphBytes.length || s.repeatedParagraphBytes > 0.2 * s.lineBytes,
  },
  {
    id: 'top-ngram',
    title: 'the most frequent run of 2, 3 or 4 terms covers more than 20, 18 or 16 %',
    source: GOPHER_REPETITION,
    breaks: (s) => s.hasTopNgram(),
  },
  {
    id: 'repeated-ngrams',
    title: 'runs of 5 to 10 terms that stood in the document before cover more than 15 to 10 %',
    source: GOPHER_REPETITION,
    breaks: (s) => s.hasRepeatedNgrams(),
  },
  {
    id: 'lorem-ipsum',
    title: 'filler text (lorem ipsum)',
    source: C4,
    breaks: (s) => s.loremIpsum > 0,
  },
  { id: 'curly-brackets', title: 'a curly bracket', source: C4, breaks: (s) => s.curlyBrackets > 0 },
  {
    id: 'javascript',
    title: 'the word JavaScript',
    source: C4,
    breaks: (s) => s.javascript > 0,
  },
  {
    id: 'few-sentences',
    title: 'fewer than three sentences',
    source: C4,
    breaks: (s) => s.sentences < 3,
  },
  {
    id: 'open-lines',
    title: 'fewer than half of the lines end as a sentence does',
    source: C4,
    breaks: (s) => s.terminalLines < 0.5 * s.lines,
  },
  {
    id: 'notices',
    title: 'cookies, terms of use, all rights reserved: text about the page',
    source: C4,
    breaks: (s) => s.notices > 0,
  },
  {
    id: 'markup',
    title: 'HTML left over: at least three tags or entities, more than one for 50 words',
    source: OWN,
    breaks: (s) => s.markup >= 3 && s.markup > 0.02 * s.words,
  },
  {
    id: 'encoding',
    title: 'bytes that are no UTF-8, U+FFFD or control characters',
    source: OWN,
    breaks: (s) => s.illFormed + s.replacements + s.controls > 0,
  },
  {
    id: 'mojibake',
    title: 'letters that were decoded wrongly (Ã©, â€™), at least two',
    source: OWN,
    breaks: (s) => s.mojibake >= 2,
  },
  {
    id: 'truncated',
    title: 'three sentences or more, and breaks off within one',
    source: OWN,
    breaks: (s) => s.sentences >= 3 && !s.endsClosed,
  },
  {
    id: 'digits',
    title: 'more than 20 % of characters are digits',
    source: OWN,
    breaks: (s) => share(s.digits, s.characters - s.spaces) > 0.2,
  },
  {
    id: 'symbols',
    title: 'more than 30 % of characters are neither letter nor digit',
    source: OWN,
    breaks: (s) => {
      const visible = s.characters - s.spaces
      return share(visible - s.letters - s.digits, visible) > 0.3
    },
  },
]
