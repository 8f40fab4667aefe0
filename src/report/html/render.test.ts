import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { sampleResult } from '../../../test/golden/sample-result.js'
import type { Chart, Estimate, Result } from '../../core/index.js'
import { renderHtml } from './render.js'

const page = await renderHtml(sampleResult())
const { document } = parseHTML(page)
const all = (selector: string) => [...document.querySelectorAll(selector)]

/** Every string of a value replaced, whatever its depth. */
function withStrings<T>(value: T, replace: (text: string) => string): T {
  if (typeof value === 'string') return replace(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => withStrings(item, replace)) as T
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withStrings(item, replace)]),
  ) as T
}

describe('renderHtml', () => {
  it('gives the same bytes each time', async () => {
    expect((await renderHtml(sampleResult())) === page).toBe(true)
  })

  it('weighs little', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
  })

  it('has the sections in the order that the result asks for', () => {
    const order = [...sampleResult().sections].sort((a, b) => a.order - b.order).map((s) => s.question)
    const headings = all('h2').map((h) => h.textContent)
    expect(headings).toEqual([
      'What decided it, and what to do',
      'Gates',
      'Also worth a look',
      ...order,
      'Other findings',
      'How this was measured',
    ])
  })

  it('shows every finding once beyond the first screen, each with its action', () => {
    const { findings } = sampleResult()
    expect(all('.finding')).toHaveLength(findings.length)
    const shown = all('.finding .action').map((a) => a.textContent)
    const actions = findings.flatMap(({ action }) => action ?? [])
    expect(actions.length).toBeGreaterThan(0)
    expect(actions.filter((action) => !shown.some((text) => text.includes(action)))).toEqual([])
  })

  it('names every drawing by its caption and describes it', () => {
    const drawings = all('figure svg')
    expect(drawings.length).toBeGreaterThan(0)
    for (const svg of drawings) {
      const label = svg.getAttribute('aria-labelledby') ?? ''
      expect(document.getElementById(label)?.tagName).toBe('FIGCAPTION')
      expect(document.getElementById(svg.getAttribute('aria-describedby') ?? '')?.textContent).toBeTruthy()
    }
  })

  it('uses no id twice', () => {
    const ids = all('[id]').map((e) => e.id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('says why a number is missing, never NaN or undefined', () => {
    expect(/\bNaN\b|\bundefined\b|\bInfinity\b/.exec(page)).toBeNull()
    expect(document.body.textContent).toContain('not measured: 212 bytes; at least 1,000 are needed')
  })

  it('asks nothing of the network and runs nothing', () => {
    expect(all('script, iframe, object, embed, form, img, link:not([rel=icon])')).toEqual([])
    expect(all('[src], [srcset], [ping], [action]')).toEqual([])
    expect(/url\((?!#)|@import/.exec(page)).toBeNull()
    // A paper is opened by the reader's click alone, and told nothing of the page.
    for (const link of all('a[href]'))
      expect(link.outerHTML).toMatch(/href="(?:#|https:\/\/arxiv\.org\/abs\/[\d.]+" rel="noreferrer")/)
    expect(all('meta[http-equiv]')[0]?.getAttribute('content')).toContain("default-src 'none'")
  })
})

describe('hostile words', () => {
  const HOSTILE =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)> onmouseover='x' \u202e\u0000</style></svg>"

  it('stay words wherever a result can hold them', async () => {
    const result = sampleResult()
    // What code, not a user, chooses from a fixed set stays as it is.
    const fixed = new Set<string>([
      'estimate',
      'notEstimable',
      'dots',
      'lines',
      'passage',
      'line',
      'points',
      'faint',
      'band',
      'linear',
      'log',
      'tall',
      'short',
      'pass',
      'warn',
      'fail',
      'insufficient',
      'error',
      'GO',
      'NO-GO',
      'INCONCLUSIVE',
      'critical',
      'supporting',
      'advisory',
      'min',
      'max',
      'max_drop',
      'max_relative_drop',
    ])
    const hostile = await renderHtml(
      withStrings<Result>(result, (text) => (fixed.has(text) ? text : text + HOSTILE)),
    )
    const { document: shown } = parseHTML(hostile)
    expect([...shown.querySelectorAll('script, img')]).toEqual([])
    const handlers = [...shown.querySelectorAll('*')].flatMap((e) =>
      [...e.attributes].map((a) => a.name).filter((name) => name.startsWith('on')),
    )
    expect(handlers).toEqual([])
    expect(hostile.includes('\u202e') || hostile.includes('\u0000')).toBe(false)
    expect([...shown.querySelectorAll('style')]).toHaveLength(1)
  })
})

it('draws 200,000 steps and 400 rows within the size of a page', async () => {
  const steps = 200_000
  const x = Float64Array.from({ length: steps }, (_, i) => i)
  const line: Chart = {
    kind: 'lines',
    caption: 'a long run',
    x: { label: 'step' },
    y: { label: 'loss' },
    series: [{ name: 'loss', style: 'line', x, y: x.map((i) => 3 + Math.sin(i * 1.7)) }],
  }
  const estimate: Estimate = {
    kind: 'estimate',
    value: 1,
    interval: { low: 0.9, high: 1.1, level: 0.95 },
    unit: 'ms',
    n: 3,
  }
  const rows = Array.from({ length: 400 }, (_, i) => ({ label: `row ${i}`, estimate }))
  const section = {
    ...sampleResult().sections[0]!,
    charts: [line, { kind: 'dots', caption: 'many', x: { label: 'x' }, rows } as const],
  }
  const html = await renderHtml({ ...sampleResult(), sections: [section] })
  expect(Buffer.byteLength(html)).toBeLessThan(2_000_000)
})
