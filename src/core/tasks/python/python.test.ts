import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLiteral } from './literal.js'
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
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).value
    fc.assert(
      fc.property(value, (one) => {
        expect(parseLiteral(pythonRepr(one as string))).toEqual(one)
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
