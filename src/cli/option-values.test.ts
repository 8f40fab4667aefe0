import { expect, it } from 'vitest'
import { share } from '../ingest/index.js'
import { parseCount, parseNumber, parsePositive, parseShare, shareFrom } from './option-values.js'

it('an amount is written with or without a suffix, in decimal digits', () => {
  const same = ['7e9', '7B', '7_000_000_000', '7000M', '7.0b']
  expect(same.map(parsePositive)).toEqual(same.map(() => 7e9))
  expect([parseNumber('1.4T'), parseNumber('.5k'), parseCount('0')]).toEqual([1.4e12, 500, 0])
  // 4.1 · 10⁶ is 4,099,999.9999999995.
  const tenths = Array.from({ length: 99 }, (_, i) => i + 1)
  expect(tenths.map((tenth) => parseCount(`${tenth / 10}M`))).toEqual(tenths.map((tenth) => tenth * 1e5))
  for (const text of ['', ' ', '0x1F', '7%', 'NaN', '1e999', 'many'])
    for (const parse of [parseNumber, parsePositive, parseCount])
      expect(() => parse(text), text).toThrow(`found "${text}"`)
  for (const text of ['-1', '.5', '1e16']) expect(() => parseCount(text)).toThrow(/whole number/)
  expect(() => parsePositive('0')).toThrow('1 or more')
})

it('a share is written as a part of 1 or in percent', () => {
  expect(['70%', '.7', ' 70 % ', '7e-1'].map(parseShare)).toEqual([0.7, 0.7, 0.7, 0.7])
  // 99.9/100 is 0.9990000000000001.
  expect([share('99.9%'), share('2.5'), shareFrom(0)('0%'), shareFrom(-1)('-5%')]).toEqual([
    0.999, 2.5, 0, -0.05,
  ])
  for (const text of ['150%', '100%', '0', '', '%', '0x1%', 'most'])
    expect(() => parseShare(text), text).toThrow(`found "${text}", expected a share between 0 and 1`)
  expect(() => shareFrom(0)('75')).toThrow('0 or more, below 1; 75 points are 0.75')
})
