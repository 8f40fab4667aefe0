import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatParams } from './params.js'
import { percent } from './percent.js'
import { rollingWindows } from './windows.js'
import { countWords, splitWords } from './words.js'

describe('percent', () => {
  it('rounds, with a minus that is one, and no minus of nothing', () => {
    expect([percent(0.123), percent(0.1234, 1), percent(-0.05), percent(-0.0001)]).toEqual([
      '12 %',
      '12.3 %',
      '−5 %',
      '0 %',
    ])
  })
})

/** A transcription of lm_eval.utils.get_rolling_token_windows(context_len=1), on indices; −1 is the prefix token. */
function harnessWindows(length: number, max: number): { input: number[]; target: number[] }[] {
  const tokens = Array.from({ length }, (_, i) => i)
  const out: { input: number[]; target: number[] }[] = []
  const firstLength = Math.min(max, length)
  out.push({ input: [-1, ...tokens.slice(0, firstLength - 1)], target: tokens.slice(0, firstLength) })
  let predicted = firstLength
  while (predicted < length) {
    const windowLength = Math.min(length - predicted, max)
    const windowEnd = predicted + windowLength
    out.push({
      input: tokens.slice(windowEnd - max - 1, windowEnd - 1),
      target: tokens.slice(windowEnd - windowLength, windowEnd),
    })
    predicted += windowLength
  }
  return out
}

describe('rollingWindows', () => {
  it('equals the harness for every length and window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 50 }), (length, max) => {
        const ours = rollingWindows(length, max).map(({ start, from, end }) => ({
          input: Array.from({ length: end - 1 - start }, (_, i) => start + i),
          target: Array.from({ length: end - from }, (_, i) => from + i),
        }))
        expect(ours).toEqual(harnessWindows(length, max))
      }),
    )
  })
})

describe('countWords', () => {
  it("splits where Python's \\s does, not where JavaScript's does", () => {
    // len(re.split(r"\s+", "a\x85b\x1cc\ufeffd e")) == 4 in Python: U+0085 and U+001C split, U+FEFF does not.
    expect(countWords('a\u0085b\u001cc\ufeffd e')).toBe(4)
    // len(re.split(r"\s+", " a ")) == 3: the empty edges count.
    expect(countWords(' a ')).toBe(3)
    expect(splitWords(' a  b\n')).toEqual(['a', 'b'])
  })
})

it('parameters are told in the unit that they round to', () => {
  const told = [500, 134_515_008, 999_700_000, 1.04e12].map(formatParams)
  expect(told).toEqual(['0.500k', '135M', '1.00B', '1.04T'])
})
