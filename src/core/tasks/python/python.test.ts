import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLiteral } from './literal.js'
import { javascriptPattern } from './pattern.js'
import { PythonRandom } from './twister.js'
import { pythonRepr } from './value.js'

// Values of CPython 3.11: `random.Random(seed)`, called in the order in which they stand.
describe('Python’s generator', () => {
  it('draws what CPython draws', () => {
    const random = new PythonRandom(1234)
    expect([random.uniform(), random.uniform(), random.uniform(), random.bits32()]).toEqual([
      0.9664535356921388, 0.4407325991753527, 0.007491470058587191, 3912611952,
    ])
    expect(new PythonRandom(0).uniform()).toBe(0.8444218515250481)
    // Two words of seed.
    expect(new PythonRandom(2 ** 40 + 7).uniform()).toBe(0.6137037779936511)
  })

  it('samples from large and small populations as CPython does, one generator running on', () => {
    const random = new PythonRandom(1234)
    expect(random.sample(2376, 6)).toEqual([1805, 478, 30, 371, 143, 343])
    expect(random.sample(2376, 6)).toEqual([403, 1452, 969, 71, 126, 64])
    expect(random.sample(10, 4)).toEqual([5, 7, 8, 1])
    expect(random.sample(100, 6)).toEqual([11, 23, 91, 14, 1, 64])
    expect(random.sample(22, 5)).toEqual([15, 7, 2, 21, 17])
  })
})

describe('Python’s literals', () => {
  it('are read back from their repr', () => {
    const odd = fc.constantFrom('\n', "'", '"', '\\', '\u00a0', '😀', '\u2028', '\x7f', '\u200b', 'a')
    const text = fc.array(odd, { maxLength: 8 }).map((parts) => parts.join(''))
    const value = fc.array(fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text)), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(value, (one) => {
        expect(parseLiteral(pythonRepr(one))).toEqual(one)
      }),
    )
  })

  it.each([
    ["['a', \"b's\"]", ['a', "b's"]],
    ["('x',)", ['x']],
    ["('x')", 'x'],
    ["'a' 'b'", 'ab'],
    ["'\\x41\\u00e9\\n\\101\\q'", 'AéA\\q'.replace('éA', 'é\nA')],
    ["{'k': [1, -2.5, None, True]}", { k: [1, -2.5, null, true] }],
    [' 7 ', 7],
  ])('%s', (text, value) => {
    expect(parseLiteral(text)).toEqual(value)
  })

  it.each(['', '[1, 2', "['a' 1]", 'f(x)', '01', "'open", '[1] 2', '[,]', '['.repeat(100)])(
    '%s is refused',
    (text) => {
      expect(() => parseLiteral(text)).toThrow(SyntaxError)
    },
  )

  // Python 3.11: repr() of these.
  it('are written as repr writes them', () => {
    expect(pythonRepr(["it's", 'say "hi"', 'both \' and "', 'a\nb\t\\', 'é\u00a0\u200b'])).toBe(
      `["it's", 'say "hi"', 'both \\' and "', 'a\\nb\\t\\\\', 'é\\xa0\\u200b']`,
    )
    expect(pythonRepr({ a: [true, null, 1.5, 0.00001] })).toBe("{'a': [True, None, 1.5, 1e-05]}")
  })
})

describe('Python’s patterns', () => {
  // Python 3.11: re.findall(pattern, text), of one group its text.
  it.each([
    ['#### (\\-?[0-9\\.\\,]+)', 'so #### -1,234.5', ['-1,234.5']],
    ['(-?[$0-9.,]{2,})|(-?[0-9]+)', '$12, then 7', ['$12,', '7']],
    ['\\\\boxed{(.*)}', 'x \\boxed{a{b}}', ['a{b}']],
    ['(?P<q>["\'])x(?P=q)', `"x" 'x' "x'`, ['"', "'"]],
    ['[]a]+', 'ba]]', ['a]]']],
    ['[^\\w\\s]', 'é, ü.', [',', '.']],
    ['a.c', 'a\nc a\rc', ['a\rc']],
    ['b$', 'b\n', ['b']],
    ['x{,2}y', 'xxxy', ['xxy']],
    ['\\d', '٣', ['٣']],
    ['a{b', 'a{b', ['a{b']],
  ])('%s', (pattern, text, found) => {
    const matches = [...text.matchAll(new RegExp(javascriptPattern(pattern), 'gu'))]
    expect(matches.map(([whole, ...groups]) => groups.find((g) => g !== undefined) ?? whole)).toEqual(found)
  })

  it.each(['(?i)a', '(?#x)', '[a', '(a', '\\N{DASH}', '*'])('%s is refused', (pattern) => {
    expect(() => javascriptPattern(pattern)).toThrow(SyntaxError)
  })
})
