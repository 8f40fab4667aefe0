/**
 * The report of one made-up result, in every format, held against its saved form. After a wanted change, look
 * at it and save it again: `npx vitest run test/golden/report.test.ts --update`.
 */
import { expect, it } from 'vitest'
import {
  chartToSvg,
  renderHtml,
  renderJUnit,
  renderMarkdown,
  renderTerminal,
  resultToJson,
} from '../../src/report/index.js'
import { sampleResult } from './sample-result.js'

const result = sampleResult()

/** Two pages, made up, so that a better sentence in the book changes no saved form. */
const BOOK = new Map([
  [
    'engines',
    '# Engines\n\n## Self-check\n\n| check | passes when |\n|---|---|\n| round-trip | `text` comes back |\n',
  ],
  [
    'surprisal',
    '# Held-out loss\n\n## Bits per byte\n\n    bits/byte = −Σ ll / (Σ bytes · ln 2)\n\nSee the [self-check](engines.md#self-check) and [windows](#windows).\n\n## Windows\n\nNot cited.\n',
  ],
])

it.each([
  ['report.html', () => renderHtml(result, BOOK)],
  ['report.md', async () => renderMarkdown(result)],
  ['junit.xml', async () => renderJUnit(result)],
  ['report.json', async () => `${JSON.stringify(resultToJson(result), null, 2)}\n`],
  ['terminal.txt', async () => renderTerminal(result, { colour: false })],
  ['chart.svg', () => chartToSvg(result.sections.find((s) => s.id === 'held-out-loss')!.charts[0]!)],
])('%s', async (name, render) => {
  await expect(await render()).toMatchFileSnapshot(`report/${name}`)
})
