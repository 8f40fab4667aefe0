/**
 * The language of a stretch of text as eld's `detect` and `isReliable` tell it, from its tables, without an object per n-gram: five
 * times as fast. test/corpus/language.test.ts holds the two together.
 *
 * Source: N. Tito Martínez, Efficient Language Detector (Apache 2.0), languageDetector.js
 */

interface Tables {
  readonly ngramsData: {
    readonly languages: Readonly<Record<number, string>>
    readonly ngrams: Readonly<Record<string, Readonly<Record<number, number>>>>
  }
}

// The package lets in none of its tables by name.
const entry = import.meta.resolve('eld/medium')
const load = (path: string): Promise<unknown> => import(new URL(path, entry).href)
const { ngramsData } = (await load('../ngrams/medium.js')) as Tables
const { dictionary } = (await load('../dictionary.js')) as { dictionary: readonly string[] }
const { avgScore } = (await load('../avgScore.js')) as { avgScore: Readonly<Record<string, number>> }

const LANGUAGES = Object.values(ngramsData.languages)
const AVERAGE = LANGUAGES.map((language) => avgScore[language] ?? 0)
/** What the tables have taken off each score, what a mean is set against, and the share of the usual score that is reliable. */
const BASE_SCORE = 53
const SCALE = 25
const RELIABLE = 0.75
const LEAST_NGRAMS = 3
/** Bytes after which a text is cut: at white space, and anywhere. */
const CUT_AFTER = 350
const ENFORCE_CUT_AFTER = 380
const LONGEST_WORD = 70
/** Longer n-grams are in no table. */
const LONGEST_NGRAM = 6
const SPACE = 0x20
const MOST_CACHED = 1 << 16

/** Runs of letters with what eld leaves on them: quotation marks within and before, and at the end of the text. */
const TOKEN = /['`\u2019]*\p{L}+(?:['`\u2019]+\p{L}+)*(?:['`\u2019]+$)?|['`\u2019]+$/gu
const ASTRAL = /[\u{10000}-\u{10ffff}]/gu

interface Ngram {
  /** Language and score in turn; none where it is in no table. */
  readonly row: Uint8Array
  /** Number of the text in which it was last seen. */
  seenIn: number
}

/** By the bytes of the n-gram as a number, the first the highest. */
const ngrams = new Map<number, Ngram>()
const scores = new Float64Array(LANGUAGES.length)
let texts = 0
/** Different n-grams of the text in hand. */
let count = 0
const bytes = Buffer.alloc(2048)

function ngramOf(key: number): Ngram {
  let name = ''
  for (let rest = key; rest > 0; rest = Math.floor(rest / 256)) {
    const byte = rest % 256
    name = (byte < 0x80 ? String.fromCharCode(byte) : dictionary[byte]!) + name
  }
  const found = Object.hasOwn(ngramsData.ngrams, name) ? Object.entries(ngramsData.ngrams[name]!) : []
  const ngram = { row: Uint8Array.from(found.flatMap(([id, score]) => [Number(id), score])), seenIn: 0 }
  if (ngrams.size >= MOST_CACHED) ngrams.clear()
  ngrams.set(key, ngram)
  return ngram
}

function score(key: number): void {
  const ngram = ngrams.get(key) ?? ngramOf(key)
  if (ngram.seenIn === texts) return
  ngram.seenIn = texts
  count++
  const { row } = ngram
  for (let i = 0; i < row.length; i += 2) scores[row[i]!]! += row[i + 1]! + BASE_SCORE
}

/** Bytes of `bytes[from…to)` as a number, behind a space where they begin a word. */
function keyOf(from: number, to: number, isFirst: boolean): number {
  let key = isFirst ? SPACE : 0
  for (let at = from; at < to; at++) key = key * 256 + bytes[at]!
  return key
}

/** Score a word's n-grams: four bytes, three apart, and the last four. */
function scoreWord(from: number, to: number): void {
  const length = Math.min(LONGEST_WORD, to - from)
  let at = 0
  for (; at + 4 < length; at += 3) score(keyOf(from + at, from + at + 4, at === 0))
  const last = from + Math.max(0, length - 4)
  // What a long word ends with is in no table, but counts as an n-gram.
  score(to - last + 2 > LONGEST_NGRAM ? -(to - last) : keyOf(last, to, at === 0) * 256 + SPACE)
}

/** ISO 639-1 code of the language; undefined where it cannot be told reliably. */
export function languageOfText(text: string): string | undefined {
  scores.fill(0)
  texts++
  count = 0
  // Letters beyond the basic plane are in no table.
  const plain = /[\ud800-\udfff]/.test(text) ? text.replace(ASTRAL, ' ') : text
  let read = 0
  for (const token of plain.match(TOKEN) ?? []) {
    if (read > CUT_AFTER) break
    if (read > 0) read++
    let length = bytes.write(token.toLowerCase(), 'utf8')
    if (read + length > ENFORCE_CUT_AFTER) {
      // The character that goes over the limit is the last.
      let end = ENFORCE_CUT_AFTER - read + 1
      while (end < length && (bytes[end]! & 0xc0) === 0x80) end++
      length = Math.min(length, end)
    }
    read += length
    scoreWord(0, length)
    if (read > ENFORCE_CUT_AFTER) break
  }
  let best = 0
  for (let id = 1; id < scores.length; id++) if (scores[id]! > scores[best]!) best = id
  const mean = count === 0 ? 0 : scores[best]! / count
  return count >= LEAST_NGRAMS && mean / (mean + SCALE) >= AVERAGE[best]! * RELIABLE
    ? LANGUAGES[best]
    : undefined
}
