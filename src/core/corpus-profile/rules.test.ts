import { expect, it } from 'vitest'
import { QUALITY_RULES } from './rules.js'
import { DocumentScan } from './scan.js'

const scan = new DocumentScan()

function breaks(id: string, text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  scan.scan(bytes, 0, bytes.length)
  return QUALITY_RULES.find((rule) => rule.id === id)!.breaks(scan)
}

const words = (n: number, word = 'word'): string => `${word} `.repeat(n)
const lines = (n: number, line: string): string => `${line}\n`.repeat(n)
/** Terms of two letters, no two alike. */
const terms = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => String.fromCharCode(97 + Math.floor(i / 20), 97 + (i % 20)))
/** A hundred terms of two letters, of which `block` stands there `times`, with another term behind each. */
function repeating(block: readonly string[], times: number): string {
  const others = terms(100 - times * block.length)
  return Array.from({ length: 100 }, (_, i) => [...(i < times ? block : []), others[i] ?? ''])
    .flat()
    .join(' ')
}

/** What breaks each rule, and what is as much as it allows. */
const CASES: readonly (readonly [string, string, string])[] = [
  ['empty', ' \n\t', '.'],
  ['short', words(49), words(50)],
  ['long', words(100_001), words(100_000)],
  ['word-length', words(9, 'ab'), words(9, 'abc')],
  ['word-length', words(9, 'abcdefghijk'), words(9, 'abcdefghij')],
  ['hash-or-ellipsis', words(2, '#') + words(17), words(2, '#') + words(18)],
  ['hash-or-ellipsis', words(2, '...') + words(17), words(2, '…') + words(18)],
  ['bullets', lines(10, '- a'), lines(9, '- a') + lines(1, 'a')],
  ['ellipsis-lines', lines(4, 'a...') + lines(6, 'a'), lines(3, 'a…') + lines(7, 'a')],
  ['few-letters', words(7) + words(3, '1'), words(8) + words(2, '1')],
  ['stop-words', 'the cat, the dog', 'the cat of the dog'],
  ['repeated-lines', lines(4, 'zz') + terms(7).join('\n'), lines(3, 'zz') + terms(7).join('\n')],
  ['repeated-paragraphs', lines(4, 'zz\n') + terms(7).join('\n\n'), lines(3, 'zz\n') + terms(7).join('\n\n')],
  // Of 200 characters 44 and 40.
  ['top-ngram', repeating(['zz', 'zy'], 11), repeating(['zz', 'zy'], 10)],
  // All but the first stood there before: of 200 characters 40 and 30.
  [
    'repeated-ngrams',
    repeating(['zz', 'zy', 'zx', 'zw', 'zv'], 5),
    repeating(['zz', 'zy', 'zx', 'zw', 'zv'], 4),
  ],
  ['lorem-ipsum', 'Lorem ipsum', 'ipsum lorem'],
  ['curly-brackets', '{', '('],
  ['javascript', 'JavaScript', 'Java Script'],
  ['few-sentences', 'One. Two?', 'One. Two? Three!'],
  ['open-lines', 'One.\ntwo\nthree', 'One.\ntwo'],
  ['notices', 'our Privacy Policy', 'a policy on privacy'],
  ['markup', words(50, 'a') + words(3, '<b>'), words(147, 'a') + words(3, '<b>')],
  ['markup', '<b> <i> &amp;', '<b> <i>'],
  ['encoding', '\u0007', '\t'],
  ['mojibake', 'Ã©tÃ©', 'Ã©té'],
  ['truncated', 'One. Two. Three. And', 'One. Two. And'],
  ['digits', '1'.repeat(21) + 'a'.repeat(79), '1'.repeat(20) + 'a'.repeat(80)],
  ['symbols', '+'.repeat(31) + 'a'.repeat(69), '+'.repeat(30) + 'a'.repeat(70)],
]

it.each(CASES)('%s has its limit', (id, over, within) => {
  expect([breaks(id, over), breaks(id, within)]).toEqual([true, false])
})

it('every rule has a case, and none on words is asked of a script without spaces, but of numbers alone', () => {
  expect(new Set(CASES.map(([id]) => id))).toEqual(new Set(QUALITY_RULES.map(({ id }) => id)))
  for (const id of ['short', 'word-length', 'few-letters'])
    expect([id, breaks(id, '東京は日本の首都です。'), breaks(id, words(9, '12'))]).toEqual([id, false, true])
})
