import { NONE, wordClass } from './word-class.js'

/**
 * Ways of writing that make no other name, each by itself:
 *
 * `space`        a run of white space is one space; one line break between two characters of East Asian width, behind a word's
 *                hyphen (`Saint-⏎Denis`) or behind a soft hyphen is nothing; a blank line stays a line break, since no name goes over it
 * `invisible`    soft hyphens, zero-width spaces, word joiners, byte-order and direction marks are nothing
 * `punctuation`  curly apostrophes and quotes are straight; hyphens and en dashes are `-`
 * `width`        full-width forms of ASCII are ASCII
 * `ligature`     ﬀ, ﬁ, ﬂ, ﬃ, ﬄ, ﬅ, ﬆ are their letters
 * `emphasis`     underscores between a word and what is no word (`_Paris_`, `__Rome__`) are nothing
 */
export type TextFold = 'space' | 'invisible' | 'punctuation' | 'width' | 'ligature' | 'emphasis'

/** All of them. */
export const FOLDS = [
  'space',
  'invisible',
  'punctuation',
  'width',
  'ligature',
  'emphasis',
] as const satisfies readonly TextFold[]

const GONE = String.raw`\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff`
const SPACE = String.raw`\t-\r \u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`
const INVISIBLE = new RegExp(`[${GONE}]`, 'g')
/** Stands for a soft hyphen before white space while what is invisible is taken out: no decoded text holds it. */
const KEPT = '\ud800'
/** Not of those behind white space, what is invisible, or an underscore. */
const AT_BREAK = new RegExp(`(?<![${SPACE}${GONE}_])\\u00ad(?=[${SPACE}])`, 'g')
/** Runs of white space that are not one space already. */
const SPACES = new RegExp(`(?: (?=[${SPACE}])|(?! )[${SPACE}])[${SPACE}]*`, 'g')
const SOFT_BREAKS = new RegExp(`${KEPT}([${SPACE}]*)`, 'g')
const WIDE_ASCII = /[\uff01-\uff3e\uff40-\uff5e]/g
const WIDE_OFFSET = 0xfee0
const APOSTROPHES = /[\u2018\u2019\u201b\u02bb\u02bc]/g
const QUOTES = /[\u201c\u201d\u201e\u201f]/g
const HYPHENS = /[\u2010-\u2013\u2212]/g
const LIGATURES = ['ff', 'fi', 'fl', 'ffi', 'ffl', 'st', 'st']
const FIRST_LIGATURE = 0xfb00
/** Han, kana, Bopomofo, Yi and their punctuation, by block: a line is broken between any two, with no space meant. */
const EAST_ASIAN = /[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\u{20000}-\u{3ffff}]/u

const isWord = (character: string | undefined): boolean =>
  character !== undefined && character !== '' && wordClass(character.codePointAt(0)!) !== NONE

const breaksOf = (run: string): number => run.split('\n').length - 1

function foldSpaces(run: string, at: number, text: string): string {
  const breaks = breaksOf(run)
  if (breaks > 1) return '\n'
  const [before = '', beforeIt = ''] = [...text.slice(Math.max(0, at - 4), at)].toReversed()
  const after = String.fromCodePoint(text.codePointAt(at + run.length) ?? 0)
  const joins =
    (EAST_ASIAN.test(before) && EAST_ASIAN.test(after)) ||
    (before === '-' && isWord(beforeIt) && isWord(after))
  return breaks === 1 && joins ? '' : ' '
}

function foldUnderscores(run: string, at: number, text: string): string {
  const before = /.$/su.exec(text.slice(Math.max(0, at - 2), at))?.[0]
  const next = text.codePointAt(at + run.length)
  const after = next === undefined ? undefined : String.fromCodePoint(next)
  return isWord(before) === isWord(after) ? run : ''
}

/** A text in which the ways of writing named by `folds` are made one. The embedded engine must fold bytes alike. */
export function foldText(text: string, folds: readonly TextFold[]): string {
  const has = (fold: TextFold): boolean => folds.includes(fold)
  let folded = has('invisible') && has('space') ? text.replace(AT_BREAK, KEPT) : text
  if (has('invisible')) folded = folded.replace(INVISIBLE, '')
  if (has('width'))
    folded = folded.replace(WIDE_ASCII, (c) => String.fromCharCode(c.charCodeAt(0) - WIDE_OFFSET))
  if (has('ligature'))
    folded = folded.replace(/[\ufb00-\ufb06]/g, (c) => LIGATURES[c.charCodeAt(0) - FIRST_LIGATURE]!)
  if (has('punctuation')) folded = folded.replace(APOSTROPHES, "'").replace(QUOTES, '"').replace(HYPHENS, '-')
  if (has('space'))
    folded = folded
      .replace(SOFT_BREAKS, (_, run: string) => (breaksOf(run) === 1 ? '' : run))
      .replace(SPACES, foldSpaces)
  return has('emphasis') ? folded.replace(/_+/g, foldUnderscores) : folded
}

/** The folds as bits, for the engine that folds bytes: in the order of `FOLDS`. */
export function foldBits(folds: readonly TextFold[]): number {
  return folds.reduce((bits, fold) => bits | (1 << FOLDS.indexOf(fold)), 0)
}
