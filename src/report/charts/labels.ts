import { pixelWidth } from '../text/width.js'
import { FONT_SIZE } from './draw.js'

/** Where a label above the plot stands: its row (0 is nearest to the plot) and the side it grows to. */
export interface LabelPlace {
  readonly row: number
  readonly anchor: 'start' | 'end'
}

export const LABEL_ROW = 16
const GAP = 10

/**
 * Place labels above a plot so that none overlaps another: each goes into the lowest row with room at its x.
 *
 * @param labels    text and x in pixels from the plot's left edge
 * @param width     the plot's width in pixels
 * @param maxRows   labels that find no room within so many rows get `undefined`
 */
export function placeLabels(
  labels: readonly { readonly x: number; readonly text: string }[],
  width: number,
  maxRows: number,
): (LabelPlace | undefined)[] {
  const taken: { from: number; to: number }[][] = Array.from({ length: maxRows }, () => [])
  return labels.map(({ x, text }) => {
    const size = pixelWidth(text, FONT_SIZE)
    const anchor = x + size > width && x > width / 2 ? 'end' : 'start'
    const from = anchor === 'start' ? x : x - size
    const to = from + size
    const row = taken.findIndex((spans) => spans.every((s) => to + GAP < s.from || from - GAP > s.to))
    if (row < 0) return undefined
    taken[row]?.push({ from, to })
    return { row, anchor }
  })
}

/** Rows that the placed labels fill. */
export function rowsUsed(places: readonly (LabelPlace | undefined)[]): number {
  return Math.max(0, ...places.map((p) => (p === undefined ? 0 : p.row + 1)))
}
