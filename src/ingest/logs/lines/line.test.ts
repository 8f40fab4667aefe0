import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freeTextFormat } from '../formats/key-value/index.js'
import { divideDigits } from './decimal.js'
import { key, LogLine } from './line.js'
import { lineLogReader } from './line-log.js'

function lineOf(text: string): LogLine {
  const line = new LogLine()
  const bytes = key(text)
  line.set(bytes, 0, bytes.length, 1, true)
  return line
}

/** What `read` makes of a text, and how much of it it took. */
function read(text: string, grouped = true): { value: number; length: number } | undefined {
  const line = lineOf(text)
  return line.read(0, grouped) ? { value: line.value, length: line.next } : undefined
}

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max })

/** Decimal numbers as programs print them: short and long, with and without sign, fraction and exponent. */
const decimals = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: digits(1, 21),
    fraction: fc.option(digits(0, 25)),
    exponent: fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '-', '+'), fc.nat(330))),
  })
  .map(
    ({ sign, whole, fraction, exponent }) =>
      sign + whole + (fraction === null ? '' : `.${fraction}`) + (exponent === null ? '' : exponent.join('')),
  )

describe('a number read from bytes', () => {
  it('is what Number makes of the same text, to the last bit', () => {
    fc.assert(
      fc.property(decimals, (text) => {
        expect(Object.is(read(text)?.value, Number(text)), text).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  it('is so for every double that is printed in full', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(read(String(x))?.value, String(x)).toBe(x + 0)
        expect(read(x.toExponential())?.value, x.toExponential()).toBe(x + 0)
      }),
      { numRuns: 20_000 },
    )
  })

  it('is so halfway between two doubles, where rounding is decided by the last digit', () => {
    // Between 2^53 and 2^54 doubles are 2 apart, so that every odd integer lies halfway.
    fc.assert(
      fc.property(
        fc.bigInt(2n ** 52n, 2n ** 53n - 1n),
        fc.integer({ min: -1, max: 1 }),
        fc.nat(22),
        (half, by, places) => {
          const m = (2n * half + 1n) * 10n + BigInt(by)
          const text = `${m}e-${places}`
          expect(read(text)?.value, text).toBe(Number(text))
        },
      ),
      { numRuns: 5000 },
    )
    // 2^53 + 1 goes to the even neighbour, a tenth more to the upper one.
    expect(divideDigits(900719925474099, 3, 1, 0)).toBe(9007199254740992)
    expect(divideDigits(900719925474099, 31, 2, 1)).toBe(9007199254740994)
  })

  it.each([
    ['nan', Number.NaN, 3],
    ['NaN', Number.NaN, 3],
    ['-nan', Number.NaN, 4],
    ['inf', Number.POSITIVE_INFINITY, 3],
    ['-inf', Number.NEGATIVE_INFINITY, 4],
    ['+Infinity,', Number.POSITIVE_INFINITY, 9],
    ['   1.5', 1.5, 6],
    ['\t-0', -0, 3],
    ['.5', 0.5, 2],
    ['5.', 5, 2],
    ['1e5', 1e5, 3],
    ['1e', 1, 1],
    ['1e+x', 1, 1],
    ['12abc', 12, 2],
    ['1,234,567', 1234567, 9],
    ['1,23', 1, 1],
    ['1,2345', 1, 1],
    ['0x10', 0, 1],
  ])('reads "%s"', (text, value, length) => {
    const found = read(text)
    expect(found?.length).toBe(length)
    expect(Object.is(found?.value, value)).toBe(true)
  })

  it.each(['', '  ', '-', 'e5', '.', 'null', 'n', 'in', '--1', 'loss'])('finds none in "%s"', (text) => {
    expect(read(text)).toBeUndefined()
  })

  it('takes no thousands where commas separate', () => {
    expect(read('1,234', false)).toEqual({ value: 1, length: 1 })
  })
})

describe('lines of free text', () => {
  const words = fc.constantFrom(
    'step',
    'iter',
    'Step:',
    'loss',
    'loss:',
    'val loss',
    'lr',
    'grad norm',
    'time',
    'eval',
    '|',
    ',',
    'ms',
    '%',
    'nan',
    'inf',
    '/',
    '[',
    'epoch',
    'x1',
    '-',
  )
  const numbers = fc.oneof(
    fc.nat(2000).map(String),
    fc.double({ min: -10, max: 10, noNaN: true }).map((x) => x.toFixed(3)),
    fc.constantFrom('nan', '-inf', '1e-4'),
  )
  const blanks = fc.constantFrom(' ', '  ', '\t')
  const lines = fc
    .array(
      fc.tuple(fc.oneof(words, numbers), blanks).map((pair) => pair.join('')),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''))

  it('read the same by a shape seen before as when they are looked at anew', async () => {
    const readers = [true, false].map((remember) => lineLogReader(freeTextFormat(remember)))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(lines, numbers), { minLength: 1, maxLength: 12 }), async (parts) => {
        const text = parts.flatMap(([line, loss], i) => [
          line,
          `step ${i}  loss: ${loss} ${line}`,
          `step ${i + 1} loss:  ${loss} ${line}`,
        ])
        const bytes = new TextEncoder().encode(`${text.join('\n')}\n`)
        const source = {
          path: 'log',
          head: bytes,
          tail: new Uint8Array(0),
          async *stream() {
            yield bytes
          },
          damage: () => undefined,
        }
        // A loss below zero is refused, by either with the same words at the same place.
        const [fast, plain] = await Promise.allSettled(
          readers.map((reader) => reader.read(source, { columns: {} })),
        )
        expect(fast).toEqual(plain)
      }),
      { numRuns: 400 },
    )
  })
})
