import { describe, expect, it } from 'vitest'
import { sampleResult } from '../../../test/golden/sample-result.js'
import type { Finding, Section } from '../../core/index.js'
import { cellWidth } from '../text/width.js'
import { intervalBar } from './bar.js'
import { createBraillePlane } from './braille.js'
import { renderTerminal } from './render.js'

const ESCAPE = String.fromCharCode(27)
const STYLE = new RegExp(`${ESCAPE}\\[[0-9;]+m`, 'g')

describe('renderTerminal', () => {
  it.each([60, 80, 100, 140])('has no line wider than %i columns', (columns) => {
    const text = renderTerminal(sampleResult(), { colour: false, columns })
    const widest = text.split('\n').reduce((a, b) => (cellWidth(b) > cellWidth(a) ? b : a))
    expect(cellWidth(widest), widest).toBeLessThanOrEqual(columns)
  })

  it('is the same text with colours as without', () => {
    const coloured = renderTerminal(sampleResult(), { colour: true })
    expect(coloured).not.toBe(coloured.replace(STYLE, ''))
    const bare = (text: string): string => text.replace(STYLE, '').replace(/ +$/gm, '')
    expect(bare(coloured)).toBe(bare(renderTerminal(sampleResult(), { colour: false })))
  })

  it('lets no text from outside reach the terminal as a command', () => {
    const hostile = `${ESCAPE}[2J${ESCAPE}]0;title\u0007\r\u009b31m`
    const sample = sampleResult()
    const text = renderTerminal(
      {
        ...sample,
        title: hostile,
        summary: hostile,
        findings: sample.findings.map((f): Finding => ({ ...f, title: hostile, action: hostile })),
        gates: sample.gates.map((g) => ({ ...g, title: hostile })),
        sections: sample.sections.map((s): Section => ({ ...s, question: hostile, answer: hostile })),
      },
      { colour: false },
    )
    expect(/[\p{Cc}]/u.test(text.replace(/\n/g, ''))).toBe(false)
  })

  it('names verdict, deciding finding, action and what was not measured', () => {
    const text = renderTerminal(sampleResult(), { colour: false })
    for (const word of [
      'NO-GO',
      '✖ JavaScript is modelled',
      '→ Continue pre-training',
      'not measured: pre-training gain',
    ])
      expect(text).toContain(word)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('intervalBar', () => {
  it('draws an interval, its value and what lies behind', () => {
    expect(intervalBar({ width: 11, low: 0.2, value: 0.4, high: 0.6, marks: [0.9] })).toBe('  ├─●─┤  │ ')
    expect(intervalBar({ width: 11, low: 0.2, value: 0.3, high: 0.6, marks: [0.5] })).toBe('  ├●─┼┤    ')
  })

  it('stays within its width when the interval does not', () => {
    expect(intervalBar({ width: 5, low: -3, value: 0.5, high: 9 })).toBe('├─●─┤')
  })
})

describe('createBraillePlane', () => {
  it('numbers dots as Unicode does', () => {
    const plane = createBraillePlane(1, 1)
    plane.set(0, 0) // dot 1
    plane.set(1, 3) // dot 8
    expect(plane.at(0, 0)).toBe(String.fromCharCode(0x2800 + 0x01 + 0x80))
  })

  it('draws a diagonal without gaps and leaves out what is outside', () => {
    const plane = createBraillePlane(2, 1)
    plane.line(0, 0, 3, 3)
    plane.set(99, 0)
    plane.set(Number.NaN, 0)
    expect(plane.at(0, 0) + plane.at(1, 0)).toBe('⠑⢄')
  })
})
