import { expect, it } from 'vitest'
import { chartToSvg } from './chart-to-svg.js'
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

it('marks of one name are named once, with their count', async () => {
  const mark = (from: number, label: string) => ({ from, label, status: 'warn' as const })
  const svg = await chartToSvg({
    kind: 'lines',
    caption: 'marks',
    x: { label: 'step' },
    y: { label: 'loss' },
    series: [{ name: 'loss', style: 'line', x: [0, 100], y: [3, 2] }],
    marks: [mark(10, 'spike'), mark(40, 'diverged'), mark(50, 'spike'), mark(90, 'spike')],
  })
  expect(svg.match(/>spike[^<]*/g)).toEqual(['>spike ×3'])
  expect(svg.match(/>diverged[^<]*/g)).toEqual(['>diverged'])
  // Every mark keeps its line.
  expect(svg.match(/stroke-dasharray="4,3"/g)).toHaveLength(4)
})
