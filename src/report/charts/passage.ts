import type { PassageChart } from '../../core/index.js'
import { colourVariable } from '../palette.js'
import { escapeMarkup, plain } from '../text/safe.js'
import { cellWidth, shorten } from '../text/width.js'
import { FONT_SIZE } from './draw.js'

/** Steps of strength that a reader can tell apart; 0 is uncoloured. */
export const STRENGTHS = 5
/** Opacity of the strongest step: text on it stays readable (tested). */
export const STRONGEST_OPACITY = 0.5

export interface Tint {
  readonly sign: 'plus' | 'minus' | 'none'
  /** 1 … STRENGTHS; 0 for `none`. */
  readonly strength: number
}

/** The tint of a weight; what is not a number has none. */
export function tintOf(weight: number): Tint {
  const strength = Math.min(STRENGTHS, Math.round(Math.abs(weight) * STRENGTHS))
  if (!(strength > 0)) return { sign: 'none', strength: 0 }
  return { sign: weight > 0 ? 'plus' : 'minus', strength }
}

const LETTER = 7.3
const LINE_HEIGHT = 24
const PADDING = 10

interface Piece {
  readonly text: string
  readonly tint: Tint
  readonly column: number
  readonly line: number
}

/** Break spans into lines of `columns` letters: at spaces where that is possible. */
function layOutPieces(chart: PassageChart, columns: number): Piece[] {
  const pieces: Piece[] = []
  let line = 0
  let column = 0
  for (const { text, weight } of chart.spans) {
    const tint = tintOf(weight)
    for (const part of plain(text).split(/(\n| +)/)) {
      if (part === '') continue
      if (part === '\n') {
        line++
        column = 0
        continue
      }
      const word = shorten(part.replace(/\t/g, ' '), columns)
      if (column > 0 && column + cellWidth(word) > columns) {
        line++
        column = 0
      }
      if (column === 0 && word.trim() === '' && line > 0) continue
      pieces.push({ text: word, tint, column, line })
      column += cellWidth(word)
    }
  }
  return pieces
}

/** A coloured passage as SVG text `width` pixels wide: monospaced, because no font is at hand to measure. */
export function drawPassage(chart: PassageChart, width: number): string {
  const columns = Math.floor((width - 2 * PADDING) / LETTER)
  const pieces = layOutPieces(chart, columns)
  const last = pieces.at(-1)?.line ?? 0
  if (chart.legend !== undefined) {
    const { plus, minus } = chart.legend
    const key = [
      { text: `■ ${plus}`, weight: 1 },
      { text: '\n', weight: 0 },
      { text: `■ ${minus}`, weight: -1 },
    ]
    const lines = layOutPieces({ ...chart, spans: key }, columns)
    pieces.push(...lines.map((piece) => ({ ...piece, line: piece.line + last + 2 })))
  }
  const height = ((pieces.at(-1)?.line ?? 0) + 1) * LINE_HEIGHT + 2 * PADDING
  const shapes = pieces.map(({ text, tint, column, line }) => {
    const x = PADDING + column * LETTER
    const y = PADDING + line * LINE_HEIGHT
    const size = cellWidth(text) * LETTER
    const fill = colourVariable(tint.sign === 'minus' ? 'series2' : 'series1')
    const back =
      tint.sign === 'none'
        ? ''
        : `<rect x="${x.toFixed(1)}" y="${y}" width="${size.toFixed(1)}" height="${LINE_HEIGHT - 4}" fill="${fill}" fill-opacity="${((tint.strength / STRENGTHS) * STRONGEST_OPACITY).toFixed(2)}"/>`
    return `${back}<text x="${x.toFixed(1)}" y="${y + 14}" textLength="${size.toFixed(1)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escapeMarkup(text)}</text>`
  })
  const font = `font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}"`
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${font} fill="${colourVariable('ink')}" color="${colourVariable('ink')}">${shapes.join('')}</svg>`
}
