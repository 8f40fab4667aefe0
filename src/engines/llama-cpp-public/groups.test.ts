import { describe, expect, it } from 'vitest'
import { cutBatches, groupRequests, resumePoint } from './groups.js'

const range = (length: number, start = 0) => Int32Array.from({ length }, (_, i) => start + i)

describe('groups of requests', () => {
  it('puts requests together that differ in their last token only, and wants each target', () => {
    const shared = [1, 2, 3]
    const requests = [
      { tokens: Int32Array.of(...shared, 9), from: 3 },
      { tokens: Int32Array.of(5, 6), from: 1 },
      { tokens: Int32Array.of(...shared, 8), from: 2 },
      { tokens: Int32Array.of(4), from: 1 },
    ]
    const groups = groupRequests(requests)
    expect(groups.map(({ tokens, firstWanted }) => [[...tokens], firstWanted])).toEqual([
      [[1, 2, 3], 1],
      [[5], 0],
    ])
    const wanted = (position: number) =>
      groups[0]!
        .targetsAfter(requests, position)
        .map(({ request, index, target }) => [request, index, target])
    expect(wanted(0)).toEqual([])
    expect(wanted(1)).toEqual([[2, 0, 3]])
    expect(wanted(2)).toEqual([
      [0, 0, 9],
      [2, 1, 8],
    ])
  })
})

describe('what stays in the sequence', () => {
  const group = (tokens: Int32Array, from: number) =>
    groupRequests([{ tokens: Int32Array.of(...tokens, 1000), from }])[0]!

  it('is the common prefix, up to the first wanted position, with a batch left to evaluate', () => {
    expect(resumePoint(range(100), group(range(100), 80), 4)).toBe(79)
    expect(resumePoint(range(50), group(range(100), 80), 4)).toBe(50)
    expect(resumePoint(range(100), group(range(100), 100), 4)).toBe(96)
  })

  it('is nothing when little is common', () => {
    expect(resumePoint(range(10), group(range(100), 80), 4)).toBe(0)
    expect(resumePoint(range(100, 500), group(range(100), 80), 4)).toBe(0)
    expect(resumePoint(range(100), group(range(100), 1), 4)).toBe(0)
  })
})

describe('batches', () => {
  it.each([
    [
      0,
      10,
      5,
      [
        [0, 5],
        [5, 10],
      ],
    ],
    [
      0,
      11,
      5,
      [
        [0, 5],
        [5, 7],
        [7, 11],
      ],
    ],
    [0, 3, 5, [[0, 3]]],
    [7, 7, 5, []],
  ])('from %i to %i by %i', (start, end, size, expected) => {
    expect([...cutBatches(start, end, size, 4)]).toEqual(expected)
  })
})
