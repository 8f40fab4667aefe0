import type { Chart } from '../../core/index.js'
import { colourVariable, resolveColours, type Theme } from '../palette.js'
import { escapeMarkup, oneLine } from '../text/safe.js'
import { wrap } from '../text/width.js'
import { describeChart } from './describe.js'
import { drawDots } from './dots.js'
import { type Description, FONT_STACK, loadCanvas, nameSvg } from './draw.js'
import { drawLines } from './lines.js'
import { drawPassage } from './passage.js'

/** How a chart is drawn; every field may be left out. */
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

interface Panel {
  /** Markup from its own top, `WIDE` and two margins wide. */
  readonly body: string
  readonly height: number
}

/** A chart under its caption. */
async function panelOf(chart: Chart): Promise<Panel> {
  const drawn = await drawChart(chart, WIDE)
  const size = /^<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn)
  const caption = wrap(oneLine(chart.caption), CAPTION_COLUMNS)
  const top = MARGIN + caption.length * CAPTION_LINE + 8
  const lines = caption.map(
    (line, i) =>
      `<text x="${MARGIN}" y="${MARGIN + CAPTION_SIZE + i * CAPTION_LINE - 4}" font-size="${CAPTION_SIZE}" font-weight="600" fill="${colourVariable('ink')}">${escapeMarkup(line)}</text>`,
  )
  const inner = drawn.replace(/^<svg /, `<svg x="${MARGIN}" y="${top}" `)
  return { body: lines.join('') + inner, height: top + Number(size?.[2] ?? 0) + MARGIN / 2 }
}

function documentOf(panels: readonly Panel[], name: Description, theme: Theme): string {
  const width = WIDE + 2 * MARGIN
  const height = panels.reduce((sum, p) => sum + p.height, 0)
  let top = 0
  const placed = panels.map(({ body, height: own }) => {
    const group = top === 0 ? body : `<g transform="translate(0 ${top})">${body}</g>`
    top += own
    return group
  })
  const document = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeMarkup(FONT_STACK)}"><rect width="${width}" height="${height}" fill="${colourVariable('page')}"/>${placed.join('')}</svg>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${resolveColours(nameSvg(document, name), theme)}\n`
}

/**
 * A chart as a standalone SVG document: caption, own background, system fonts, no style sheet, no script.
 * The same chart gives the same bytes.
 */
export async function chartToSvg(chart: Chart, { theme = 'light' }: SvgOptions = {}): Promise<string> {
  return documentOf([await panelOf(chart)], { title: chart.caption, text: describeChart(chart) }, theme)
}

/** Several charts as one document, one below the other in the order given; else as `chartToSvg`. */
export async function chartsToSvg(
  charts: readonly Chart[],
  title: string,
  { theme = 'light' }: SvgOptions = {},
): Promise<string> {
  const panels: Panel[] = []
  for (const chart of charts) panels.push(await panelOf(chart))
  const text = charts.map((chart) => `${chart.caption}: ${describeChart(chart)}`).join(' ')
  return documentOf(panels, { title, text }, theme)
}
