import { describe, expect, it } from 'vitest'
import { estimate, exact, notEstimable } from '../../core/index.js'
import {
  boundText,
  formatBytes,
  formatCount,
  formatEstimate,
  formatNumber,
  formatQuantity,
} from './numbers.js'

const around = (value: number, half: number, unit = 'bits/byte', level = 0.95) =>
  estimate(value, { low: value - half, high: value + half, level }, unit, 240)

describe('formatEstimate', () => {
  // Half-width .0234 keeps two digits (23 < 36): three decimals. Half-width .052 keeps one (52 > 35): two.
  it.each([
    [around(1.02345, 0.0234), '1.023 bits/byte [1.000, 1.047] (n = 240)'],
    [around(1.02345, 0.052), '1.02 bits/byte [0.97, 1.08] (n = 240)'],
    [around(1.02345, 0.52), '1.0 bits/byte [0.5, 1.5] (n = 240)'],
    [around(12345, 6.2), '12,345 bits/byte [12,339, 12,351] (n = 240)'],
  ])('shows as many digits as the interval can carry', (value, text) => {
    expect(formatEstimate(value)).toBe(text)
  })

  it('shows shares and accuracies in percent, ratios with ×', () => {
    expect(formatEstimate(around(0.612, 0.034, 'accuracy'))).toBe('61.2 % [57.8, 64.6] (n = 240)')
    expect(formatEstimate(around(2.78, 0.09, 'ratio'))).toBe('2.78× [2.69, 2.87] (n = 240)')
  })

  it('names the level where it is not the usual one', () => {
    expect(formatEstimate(around(2, 0.5, 'ms', 0.9))).toBe('2.0 ms [1.5, 2.5] at 90 % (n = 240)')
  })

  it('calls a count exact', () => {
    expect(formatEstimate(exact(49152, 'tokens', 1))).toBe('49,152 tokens (exact, n = 1)')
  })

  it('gives the reason where there is no number', () => {
    expect(formatEstimate(notEstimable('no text'))).toBe('not measured: no text')
  })

  it('writes very large and very small numbers as one types them', () => {
    expect(formatEstimate(around(1.234e22, 2e20, 'FLOPs'))).toBe(
      '1.234e22 FLOPs [1.214e22, 1.254e22] (n = 240)',
    )
    expect(formatEstimate(around(3e-5, 1e-6, ''))).toBe('3e-5 [2.9e-5, 3.1e-5] (n = 240)')
  })

  it('writes an interval around zero without a negative zero', () => {
    expect(formatEstimate(around(-0.0001, 0.5))).toBe('0.0 bits/byte [−0.5, 0.5] (n = 240)')
  })
})

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1234, '1234'],
    [12345, '12,345'],
    [269_000_000, '269,000,000'],
    [1.5e10, '1.5e10'],
    [0.123456, '0.1235'],
    [-12.5, '−12.5'],
    [3e-4, '3e-4'],
    [Number.NaN, 'not a number'],
  ])('%f → %s', (x, text) => {
    expect(formatNumber(x)).toBe(text)
  })
})

describe('other forms', () => {
  it('counts parameters as the field does', () => {
    expect([134_515_008, 1_710_000_000, 999, 25_400, 999_999, 3e15].map((x) => formatCount(x))).toEqual([
      '135M',
      '1.71B',
      '999',
      '25.4k',
      '1M',
      '3000T',
    ])
  })

  it('uses decimal units for bytes', () => {
    expect([144_812_032, 900, 3_300_000_000, 1].map(formatBytes)).toEqual([
      '145 MB',
      '900 bytes',
      '3.3 GB',
      '1 byte',
    ])
    // No number goes over into powers of ten: one that rounds up is of the next unit, a large one of the largest.
    expect([999_600, 1.5e12, 2.5e15].map(formatBytes)).toEqual(['1 MB', '1.5 TB', '2500 TB'])
  })

  it('writes bounds in the form of what they bound', () => {
    expect(boundText({ kind: 'min', value: 0.6 }, around(0.61, 0.03, 'accuracy'))).toBe('≥ 60 %')
    expect(boundText({ kind: 'max', value: 1.2 }, around(1, 0.1))).toBe('≤ 1.2 bits/byte')
    expect(boundText({ kind: 'max_relative_drop', value: 0.05 }, around(1, 0.1))).toBe(
      'drop ≤ 5 % of the baseline',
    )
    expect(formatQuantity(0.5, 'share')).toBe('50 %')
    expect([1, 2].map((n) => formatQuantity(n, 'losses'))).toEqual(['1 loss', '2 losses'])
  })
})
