import { describe, expect, it } from 'vitest'
import { estimate, type TableView } from '../../core/index.js'
import { cellWidth } from '../text/width.js'
import { createPaint } from './style.js'
import { tableLines } from './table.js'

const plain = createPaint(false)
const accuracy = estimate(0.79, { low: 0.75, high: 0.83, level: 0.8 }, 'accuracy', 12)

const VIEW: TableView = {
  title: 'Forecasts',
  columns: ['benchmark', 'accuracy', 'copied from the best run', 'form', 'points', 'to mind'],
  rows: [
    ['story_completion', accuracy, 0.6246, 'average', 12, 'more than ten times beyond the largest run'],
    ['qa', accuracy, 0.4955, 'average', 11, ''],
  ],
}

describe('tableLines', () => {
  it.each([48, 60, 80, 100])('keeps every figure and every word within %d cells', (width) => {
    const lines = tableLines(VIEW, width, plain)
    expect(Math.max(...lines.map(cellWidth))).toBeLessThanOrEqual(width)
    const text = lines.join('\n')
    expect(text.match(/79 % \[75, 83\] at 80 % \(n = 12\)/g)).toHaveLength(2)
    expect(text).not.toContain('…')
    for (const word of ['story_completion', '0.6246', 'copied', 'beyond', 'largest', '12'])
      expect(text).toContain(word)
  })

  it('puts what does not fit beneath, with the name of the row again', () => {
    const lines = tableLines(VIEW, 60, plain)
    expect(lines.filter((line) => line.startsWith('benchmark')).length).toBeGreaterThan(1)
    expect(tableLines(VIEW, 200, plain).filter((line) => line.startsWith('benchmark'))).toHaveLength(1)
  })

  it('says how many rows are left out, and draws a table without rows', () => {
    const many = { ...VIEW, rows: Array.from({ length: 15 }, () => VIEW.rows[1]) }
    expect(tableLines(many, 120, plain).at(-1)).toBe('3 more rows in the HTML report')
    expect(tableLines({ ...VIEW, rows: [] }, 120, plain)).toHaveLength(1)
  })
})
