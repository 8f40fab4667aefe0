import type { LineChart, Series } from '../../core/index.js'
import { colourVariable } from '../palette.js'
import { escapeMarkup, oneLine } from '../text/safe.js'
import { pixelWidth, shorten } from '../text/width.js'
import { FONT_SIZE } from './draw.js'
import type { SeriesLook } from './series-look.js'

interface LegendEntry {
  readonly label: string
  readonly look: SeriesLook
  readonly styles: readonly Series['style'][]
  /** Pixels from the drawing's left and top edge. */
  readonly x: number
  readonly y: number
}

export interface Legend {
  readonly entries: readonly LegendEntry[]
  readonly height: number
}

const ROW = 20
const SAMPLE = 22
const GAP = 18
const LONGEST_LABEL = 42
const MOST_ENTRIES = 12

/** Place a legend in rows across `width` pixels; a chart of a single name needs none. */
export function layOutLegend(
  chart: LineChart,
  looks: ReadonlyMap<string, SeriesLook>,
  width: number,
): Legend {
  if (looks.size < 2) return { entries: [], height: 0 }
  const entries: LegendEntry[] = []
  let x = 0
  let y = ROW / 2
  for (const [name, look] of [...looks].slice(0, MOST_ENTRIES)) {
    const label = shorten(oneLine(name), LONGEST_LABEL)
    const size = SAMPLE + 6 + pixelWidth(label, FONT_SIZE)
    if (x > 0 && x + size > width) {
      x = 0
      y += ROW
    }
    entries.push({
      label,
      look,
      styles: chart.series.filter((s) => s.name === name).map((s) => s.style),
      x,
      y,
    })
    x += size + GAP
  }
  return { entries, height: y + ROW / 2 + 4 }
}

/** Outlines of the point symbols at the size that the charts draw them. */
const SYMBOL_PATHS: Readonly<Record<SeriesLook['symbol'], string>> = {
  circle: 'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z',
  diamond: 'M0,-5.5L3.6,0L0,5.5L-3.6,0z',
  square: 'M-3.5,-3.5h7v7h-7z',
  triangle: 'M0,-4.6L4.6,3.4L-4.6,3.4z',
}

function sample({ look, styles }: LegendEntry): string {
  const colour = colourVariable(look.role)
  const dash = look.dash === undefined ? '' : ` stroke-dasharray="${look.dash}"`
  const width = styles.includes('line') ? 2 : 1
  const band = `<rect y="-7" width="${SAMPLE}" height="14" fill="${colour}" fill-opacity=".18"/>`
  const line = `<path d="M0,0H${SAMPLE}" stroke="${colour}" stroke-width="${width}"${dash}/>`
  const point = `<path d="${SYMBOL_PATHS[look.symbol]}" transform="translate(${SAMPLE / 2},0)" fill="${colour}"/>`
  return [
    styles.includes('band') ? band : '',
    styles.includes('line') || styles.includes('faint') ? line : '',
    styles.includes('points') ? point : '',
  ].join('')
}

/** Samples and names as an SVG fragment. */
export function drawLegend({ entries }: Legend): string {
  const text = `x="${SAMPLE + 6}" dy=".32em" text-anchor="start" fill="${colourVariable('ink')}" font-size="${FONT_SIZE}"`
  return entries
    .map(
      (entry) =>
        `<g transform="translate(${Math.round(entry.x)},${entry.y})">${sample(entry)}<text ${text}>${escapeMarkup(entry.label)}</text></g>`,
    )
    .join('')
}
