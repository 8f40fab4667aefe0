import { expect, it } from 'vitest'
import { placeLabels, rowsUsed } from './labels.js'

it('puts labels that would overlap into rows, and gives up beyond the last', () => {
  const text = 'a label of some length'
  const places = placeLabels(
    [0, 5, 10, 400].map((x) => ({ x, text })),
    700,
    2,
  )
  expect(places.map((p) => p?.row)).toEqual([0, 1, undefined, 0])
  expect(rowsUsed(places)).toBe(2)
})

it('grows to the left where the right edge is near', () => {
  expect(placeLabels([{ x: 690, text: 'spike' }], 700, 1)).toEqual([{ row: 0, anchor: 'end' }])
})
