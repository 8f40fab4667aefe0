import type { DocumentScan } from '../../src/core/index.js'

const SPACES = /[\s\x85]+/u
const QUOTES = '…‘’“”–—'
const WINDOWS = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u
const TAG =
  /<\/?(a|b|body|br|center|dd|div|dl|dt|em|embed|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|li|link|meta|nav|noscript|object|ol|option|p|param|pre|script|section|select|small|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul)[ />\n\t]/gi
const ENTITY =
  /&(amp|apos|copy|gt|hellip|laquo|ldquo|lsquo|lt|mdash|nbsp|ndash|quot|raquo|rdquo|rsquo|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});/g
const STOP_WORDS = ['the', 'be', 'to', 'of', 'and', 'that', 'have', 'with']

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0
const utf8 = (text: string): number => Buffer.byteLength(text)

function isContinuation(c: string | undefined): boolean {
  return c !== undefined && ((c >= '\u0080' && c <= '\u00bf') || WINDOWS.includes(c))
}

function mojibake(characters: readonly string[]): number {
  return characters.filter((c, i) => {
    if (!isContinuation(c)) return false
    const [one, two] = [characters[i - 1] ?? '', characters[i - 2]]
    if (one === 'Â' || one === 'Ã') return !QUOTES.includes(c)
    if (two === 'â') return ['€', '‚', '„'].includes(one)
    return (one === 'Ð' || one === 'Ñ') && isContinuation(two)
  }).length
}

/** Runs of letters and digits; letters of scripts without spaces alone. */
function termsOf(characters: readonly string[]): string[] {
  const terms: string[] = []
  let run = ''
  const end = (): void => {
    if (run !== '') terms.push(run)
    run = ''
  }
  for (const c of characters) {
    const isSpace = SPACES.test(c)
    const isMark = /\p{M}/u.test(c)
    if (!isSpace && /\p{L}/u.test(c) && UNSPACED.test(c) && !isMark) {
      end()
      terms.push(c)
    } else if (!isSpace && (isMark || /[\p{L}\p{Nd}]/u.test(c))) run += c
    else end()
  }
  end()
  return terms.map((term) => term.replace(/[A-Z]/g, (c) => c.toLowerCase()))
}

/** As DocumentScan reads a document, on strings, one quantity after the other. */
export function plainScan(bytes: Buffer): Partial<Record<keyof DocumentScan, unknown>> & { terms: string[] } {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const characters = [...text]
  const is = (pattern: RegExp): number => characters.filter((c) => pattern.test(c)).length
  const replacements = bytes.toString('latin1').split('\u00ef\u00bf\u00bd').length - 1
  const words = text.split(SPACES).filter((word) => word !== '')
  const terms = termsOf(characters)
  const blocks: string[][] = [[]]
  for (const line of text.split('\n').map((l) => l.replace(/^[\s\x85]+|[\s\x85]+$/gu, '')))
    if (line === '') blocks.push([])
    else blocks.at(-1)!.push(line)
  const paragraphs = blocks.filter((block) => block.length > 0)
  const lines = paragraphs.flat()
  const repeated = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
    items.filter((item, i) => items.findIndex((other) => keyOf(other) === keyOf(item)) < i)
  const joined = (block: readonly string[]): string => block.join('\n')
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const spaces = is(SPACES)
  const visible = characters.filter((c) => !SPACES.test(c))
  const endsThere = (next: string | undefined): boolean =>
    next === undefined || next <= ' ' || `"')]`.includes(next)
  const sentences = characters.filter(
    (c, i) => '。！？'.includes(c) || ('.!?'.includes(c) && endsThere(characters[i + 1])),
  ).length
  return {
    bytes: bytes.length,
    characters: characters.length,
    letters: characters.filter((c) => !SPACES.test(c) && /[\p{L}\p{M}]/u.test(c)).length,
    singles: terms.filter((t) => [...t].length === 1 && UNSPACED.test(t) && /\p{L}/u.test(t)).length,
    digits: is(/\p{Nd}/u),
    spaces,
    illFormed: count(text, /\ufffd/g) - replacements,
    replacements,
    controls: characters.filter((c, i) => {
      if (SPACES.test(c) || !/\p{Cc}/u.test(c)) return false
      return (
        c <= '\x7f' ||
        mojibake(characters.slice(Math.max(0, i - 2), i + 1)) ===
          mojibake(characters.slice(Math.max(0, i - 2), i))
      )
    }).length,
    mojibake: mojibake(characters),
    words: words.length,
    wordCharacters: sum(words.map((word) => [...word].length)),
    alphabeticWords: words.filter((word) => /[\p{L}\p{M}]/u.test(word)).length,
    hashSigns: count(text, /#/g),
    ellipses: count(text, /\.\.\.|…/g),
    curlyBrackets: count(text, /\{/g),
    sentences,
    markup: count(text, TAG) + count(text, ENTITY),
    stopWords: sum(STOP_WORDS.map((word, bit) => (terms.includes(word) ? 1 << bit : 0))),
    stopWordTerms: terms.filter((term) => STOP_WORDS.includes(term)).length,
    lines: lines.length,
    lineBytes: sum(lines.map(utf8)),
    bulletLines: lines.filter((line) => /^([•‣▪●]|[-*] )/.test(line)).length,
    ellipsisLines: lines.filter((line) => /(\.\.\.|…)$/.test(line)).length,
    terminalLines: lines.filter((line) => /[.!?"”。！？]$/.test(line)).length,
    repeatedLines: repeated(lines, (line) => line).length,
    repeatedParagraphs: repeated(paragraphs, joined).length,
    repeatedParagraphBytes: sum(repeated(paragraphs, joined).map((block) => sum(block.map(utf8)))),
    endsClosed: visible.length === 0 || '.!?…。！？"\'”’»」』)]）】*`:;|>'.includes(visible.at(-1)!),
    terms,
  }
}

/** Share of the terms' characters within n-grams that stood before, counted on strings. */
export function plainRepeatedNgramShare(terms: readonly string[], n: number): number {
  const length = (parts: readonly string[]): number => [...parts.join('')].length
  const seen = new Set<string>()
  let covered = 0
  for (let at = 0; at + n <= terms.length; ) {
    const ngram = terms.slice(at, at + n)
    const key = ngram.join(' ')
    if (seen.has(key)) {
      covered += length(ngram)
      at += n
    } else {
      seen.add(key)
      at++
    }
  }
  return covered === 0 ? 0 : covered / length(terms)
}

/** Share of the terms' characters that the most frequent n-gram covers; of equally frequent ones the longest. */
export function plainTopNgramShare(terms: readonly string[], n: number): number {
  const length = (text: string): number => [...text.replaceAll(' ', '')].length
  const counts = new Map<string, number>()
  for (let at = 0; at + n <= terms.length; at++) {
    const key = terms.slice(at, at + n).join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const most = Math.max(0, ...counts.values())
  if (most < 2) return 0
  const covered = [...counts].filter(([, times]) => times === most).map(([key]) => most * length(key))
  return Math.max(...covered) / length(terms.join(' '))
}
