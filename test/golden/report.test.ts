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

it.each([
  ['report.html', () => renderHtml(result)],
  ['report.md', async () => renderMarkdown(result)],
  ['junit.xml', async () => renderJUnit(result)],
  ['report.json', async () => `${JSON.stringify(resultToJson(result), null, 2)}\n`],
  ['terminal.txt', async () => renderTerminal(result, { colour: false })],
  ['chart.svg', () => chartToSvg(result.sections.find((s) => s.id === 'held-out-loss')!.charts[0]!)],
])('%s', async (name, render) => {
  await expect(await render()).toMatchFileSnapshot(`report/${name}`)
})
