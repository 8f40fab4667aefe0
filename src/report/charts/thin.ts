import type { Series } from '../../core/index.js'

/** One point to draw; a gap has a `y` that is not finite. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly low: number
  readonly high: number
}

function pointAt(series: Series, index: number): Point {
  const y = series.y[index] ?? Number.NaN
  return {
    x: series.x[index] ?? Number.NaN,
    y,
    low: series.low?.[index] ?? y,
    high: series.high?.[index] ?? y,
  }
}

/**
 * The points of a series that a drawing `columns` pixels wide can tell apart. Of each column a line keeps its
 * first, lowest, highest and last point (M4: Jugel et al., VLDB 2014), so that no spike is lost; a band keeps
 * its widest reach; of a cloud, one point for each pixel cell.
 *
 * @param column  maps x to a column, 0 … columns − 1 (not finite: the point cannot be shown)
 * @param row     maps y to a row, likewise
 */
export function thin(series: Series, column: (x: number) => number, row: (y: number) => number): Point[] {
  const length = Math.min(series.x.length, series.y.length)
  const points = Array.from({ length }, (_, i) => pointAt(series, i))
  if (series.style === 'points') return thinCloud(points, column, row)
  const kept: Point[] = []
  for (let start = 0; start < length; ) {
    const first = points[start]!
    const bucket = Math.floor(column(first.x))
    let end = start + 1
    while (end < length && Math.floor(column(points[end]!.x)) === bucket) end++
    const group = points.slice(start, end)
    kept.push(...(series.style === 'band' ? thinBand(group) : thinColumn(group, row)))
    start = end
  }
  return kept
}

function thinColumn(group: readonly Point[], row: (y: number) => number): readonly Point[] {
  if (group.length <= 4) return group
  const isGap = (p: Point): boolean => !Number.isFinite(row(p.y))
  const shown = group.filter((p) => !isGap(p))
  if (shown.length === 0) return group.slice(0, 1)
  const lowest = shown.reduce((a, b) => (b.y < a.y ? b : a))
  const highest = shown.reduce((a, b) => (b.y > a.y ? b : a))
  const gap = group.find(isGap)
  const keep = new Set([shown[0], lowest, highest, shown.at(-1), gap])
  return group.filter((p) => keep.has(p))
}

function thinBand(group: readonly Point[]): readonly Point[] {
  const first = group[0]!
  if (group.length === 1) return group
  return [
    {
      ...first,
      low: Math.min(...group.map((p) => p.low)),
      high: Math.max(...group.map((p) => p.high)),
    },
  ]
}

function thinCloud(
  points: readonly Point[],
  column: (x: number) => number,
  row: (y: number) => number,
): Point[] {
  const seen = new Set<string>()
  return points.filter((p) => {
    const cell = `${Math.round(column(p.x))},${Math.round(row(p.y))}`
    if (cell.includes('NaN') || cell.includes('Infinity') || seen.has(cell)) return false
    seen.add(cell)
    return true
  })
}
