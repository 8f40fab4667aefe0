import type { Chart } from '../../core/index.js'
import { colourVariable, resolveColours, type Theme } from '../palette.js'
import { escapeMarkup, oneLine } from '../text/safe.js'
import { wrap } from '../text/width.js'
import { describeChart } from './describe.js'
import { drawDots } from './dots.js'
import { FONT_STACK, loadCanvas, nameSvg } from './draw.js'
import { drawLines } from './lines.js'
import { drawPassage } from './passage.js'

export interface SvgOptions {
  readonly theme?: Theme
}

/** Width of a chart in the report's column; a phone gets `NARROW`. */
export const WIDE = 720
export const NARROW = 340

/** A chart as SVG text whose colours are the page's CSS variables. */
export async function drawChart(chart: Chart, width: number): Promise<string> {
  if (chart.kind === 'passage') return drawPassage(chart, width)
  const canvas = await loadCanvas()
  return chart.kind === 'dots' ? drawDots(canvas, chart, width) : drawLines(canvas, chart, width)
}

const MARGIN = 24
const CAPTION_SIZE = 15
const CAPTION_LINE = 21
const CAPTION_COLUMNS = 82

/**
 * A chart as a standalone SVG document: caption, own background, system fonts, no style sheet, no script.
 * The same chart gives the same bytes.
 */
export async function chartToSvg(chart: Chart, { theme = 'light' }: SvgOptions = {}): Promise<string> {
  const drawn = await drawChart(chart, WIDE)
  const size = /^<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn)
  const chartHeight = Number(size?.[2] ?? 0)
  const caption = wrap(oneLine(chart.caption), CAPTION_COLUMNS)
  const top = MARGIN + caption.length * CAPTION_LINE + 8
  const width = WIDE + 2 * MARGIN
  const height = top + chartHeight + MARGIN / 2
  const lines = caption.map(
    (line, i) =>
      `<text x="${MARGIN}" y="${MARGIN + CAPTION_SIZE + i * CAPTION_LINE - 4}" font-size="${CAPTION_SIZE}" font-weight="600" fill="${colourVariable('ink')}">${escapeMarkup(line)}</text>`,
  )
  const inner = drawn.replace(/^<svg /, `<svg x="${MARGIN}" y="${top}" `)
  const document = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeMarkup(FONT_STACK)}"><rect width="${width}" height="${height}" fill="${colourVariable('page')}"/>${lines.join('')}${inner}</svg>`
  const named = nameSvg(document, { title: chart.caption, text: describeChart(chart) })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${resolveColours(named, theme)}\n`
}
