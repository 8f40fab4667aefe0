import { expect, it } from 'vitest'
import { equalRange } from './equal-range.js'

// Tables of the studentised range at infinite degrees of freedom, 5 %: Harter (1960).
it.each([
  [2, 2.772],
  [3, 3.314],
  [5, 3.858],
  [10, 4.474],
])('the range of %i equal models stays within %d deviations 95 times of a hundred', (count, expected) => {
  expect(equalRange(count, 0.95)).toBeCloseTo(expected, 2)
})
