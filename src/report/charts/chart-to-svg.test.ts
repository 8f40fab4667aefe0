import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { sampleResult } from '../../../test/golden/sample-result.js'
import { type Chart, exact, notEstimable } from '../../core/index.js'
import { colour } from '../palette.js'
import { chartToSvg } from './chart-to-svg.js'

const charts = sampleResult().sections.flatMap((section) => section.charts)

function elements(svg: string, selector: string) {
  const { document } = parseHTML(`<html><body>${svg.replace(/^<\?xml[^>]*>/, '')}</body></html>`)
  return [...document.querySelectorAll(selector)]
}

describe.each(charts)('$kind: $caption', (chart) => {
  it('gives the same bytes each time', async () => {
    const [once, again] = [await chartToSvg(chart), await chartToSvg(chart)]
    expect(once === again).toBe(true)
  })

  it('stands alone: no variable, script, style sheet, link or number that is none', async () => {
    const svg = await chartToSvg(chart, { theme: 'dark' })
    const foreign = /var\(--|<style|<script|href=|url\((?!#)|NaN|Infinity|undefined/.exec(svg)
    expect(foreign?.[0]).toBeUndefined()
    expect(svg.includes(`fill="${colour('page', 'dark')}"`)).toBe(true)
  })

  it('has a name and a description for those who do not see it', async () => {
    const svg = await chartToSvg(chart)
    expect(elements(svg, 'svg[role=img] > title')[0]?.textContent).toBe(chart.caption)
    expect(elements(svg, 'svg[role=img] > desc')[0]?.textContent.length).toBeGreaterThan(20)
  })
})

const HOSTILE = '</text><script>alert(1)</script>"\'&\u202e'

it.each<Chart>([
  {
    kind: 'dots',
    caption: HOSTILE,
    x: { label: HOSTILE, unit: HOSTILE },
    rows: [
      { label: HOSTILE, group: HOSTILE, estimate: exact(1, HOSTILE, 1) },
      { label: 'b', estimate: notEstimable(HOSTILE) },
    ],
    reference: [{ value: 1, label: HOSTILE }],
  },
  {
    kind: 'lines',
    caption: HOSTILE,
    x: { label: HOSTILE },
    y: { label: HOSTILE },
    series: [
      { name: HOSTILE, style: 'line', x: [1, 2], y: [1, 2] },
      { name: 'b', style: 'points', x: [1], y: [1] },
    ],
    marks: [{ from: 1, label: HOSTILE, status: 'fail' }],
  },
  { kind: 'passage', caption: HOSTILE, spans: [{ text: HOSTILE, weight: 1 }] },
])('shows hostile words in $kind as words', async (chart) => {
  const svg = await chartToSvg(chart)
  expect(elements(svg, 'script')).toEqual([])
  expect(svg.includes('\u202e')).toBe(false)
  expect(svg.includes('<script')).toBe(false)
})

it.each<Chart>([
  { kind: 'dots', caption: 'no rows', x: { label: 'x' }, rows: [] },
  {
    kind: 'dots',
    caption: 'nothing measured',
    x: { label: 'x', scale: 'log' },
    rows: [{ label: 'a', estimate: notEstimable('why') }],
  },
  {
    kind: 'dots',
    caption: 'zero on a log axis',
    x: { label: 'x', scale: 'log' },
    rows: [{ label: 'a', estimate: exact(0, 'ms', 1) }],
  },
  { kind: 'lines', caption: 'no series', x: { label: 'x' }, y: { label: 'y' }, series: [] },
  {
    kind: 'lines',
    caption: 'only gaps',
    x: { label: 'x' },
    y: { label: 'y' },
    series: [{ name: 's', style: 'line', x: [1, 2], y: [Number.NaN, Number.NaN] }],
  },
  {
    kind: 'lines',
    caption: 'one point',
    x: { label: 'x' },
    y: { label: 'y', scale: 'log' },
    series: [{ name: 's', style: 'line', x: [1], y: [3] }],
  },
  { kind: 'passage', caption: 'no text', spans: [] },
  { kind: 'passage', caption: 'weights that are none', spans: [{ text: 'a', weight: Number.NaN }] },
])('draws a chart with $caption', async (chart) => {
  const svg = await chartToSvg(chart)
  expect(svg.endsWith('</svg>\n')).toBe(true)
  expect(/NaN|Infinity|undefined/.exec(svg)).toBeNull()
})

it('never bridges a gap with a line', async () => {
  const chart: Chart = {
    kind: 'lines',
    caption: 'gap',
    x: { label: 'x' },
    y: { label: 'y' },
    series: [{ name: 's', style: 'line', x: [1, 2, 3, 4, 5], y: [1, 2, Number.NaN, 4, 5] }],
  }
  const paths = elements(await chartToSvg(chart), 'path').map((p) => p.getAttribute('d') ?? '')
  // Two pieces: the line moves twice and draws twice.
  expect(paths.filter((d) => /^M[^M]*L[^M]*M[^M]*L/.test(d))).toHaveLength(1)
})
