import { groupBy, type LineChart, type Mark, type Series } from '../../core/index.js'
import { colourVariable } from '../palette.js'
import { oneLine } from '../text/safe.js'
import { baseOptions, type Canvas, FONT_SIZE } from './draw.js'
import { LABEL_ROW, placeLabels, rowsUsed } from './labels.js'
import { drawLegend, layOutLegend } from './legend.js'
import { type SeriesLook, seriesLooks } from './series-look.js'
import { type Point, thin } from './thin.js'
import { axisDomain, axisTitle, type Domain, isShowable, position, ticksOf, tickWriter } from './ticks.js'

/** One left margin for all line charts, so that stacked ones share their x positions. */
const MARGIN = { left: 58, right: 14, bottom: 44 }
const MARK_ROWS = 4
/** What the axes of a line chart must reach; `undefined` when there is nothing to show. */
export function lineDomains(chart: LineChart): { x: Domain; y: Domain } | undefined {
  const marks = (chart.marks ?? []).flatMap((m) => (m.to === undefined ? [m.from] : [m.from, m.to]))
  const x = axisDomain(chart.x, [...chart.series.flatMap((s) => Array.from(s.x)), ...marks], 0.01)
  const y = axisDomain(
    chart.y,
    chart.series.flatMap((s) => [s.y, s.low ?? [], s.high ?? []].flatMap((values) => Array.from(values))),
  )
  return x && y && { x, y }
}

/** Lines, clouds and bands with labelled marks above. Returns SVG text `width` pixels wide. */
export function drawLines(canvas: Canvas, chart: LineChart, width: number): string {
  const { plot, draw } = canvas
  const domains = lineDomains(chart)
  if (domains === undefined) return drawNothing(canvas, width)
  const short = chart.height === 'short'
  const inner = width - MARGIN.left - MARGIN.right
  const plotHeight = short ? 90 : width < 520 ? 210 : 280
  const looks = seriesLooks(chart.series)
  const legend = layOutLegend(chart, looks, width)
  const marks = placeMarks(chart, domains.x, inner)
  const markHeight = LABEL_ROW * rowsUsed(marks.map((m) => m.place))
  const marginTop = legend.height + 28 + markHeight
  const column = (x: number): number => position(chart.x, domains.x, x) * inner
  const row = (y: number): number => (1 - position(chart.y, domains.y, y)) * plotHeight
  const soft = colourVariable('soft')
  const text = { fontSize: FONT_SIZE, fill: soft } as const
  const xTicks = ticksOf(chart.x, domains.x, Math.floor(inner / 85))
  const yTicks = ticksOf(chart.y, domains.y, short ? 3 : 6)
  const layers = chart.series.map((series) =>
    seriesMark(canvas, series, looks.get(series.name)!, thin(series, column, row), chart),
  )

  const svg = draw({
    ...baseOptions(width, plotHeight + marginTop + MARGIN.bottom),
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop,
    marginBottom: MARGIN.bottom,
    clip: false,
    x: { type: chart.x.scale ?? 'linear', domain: [...domains.x] },
    y: { type: chart.y.scale ?? 'linear', domain: [...domains.y] },
    marks: [
      plot.ruleY(yTicks, { stroke: colourVariable('line') }),
      marks.map((mark) => markShapes(canvas, mark)),
      orderByStyle(chart.series, layers),
      marks.map((mark) => markLabel(canvas, mark)),
      plot.axisX(xTicks, {
        tickSize: 4,
        tickFormat: tickWriter(chart.x, xTicks),
        fontSize: FONT_SIZE,
        color: soft,
        label: null,
      }),
      plot.axisY(yTicks, {
        tickSize: 0,
        tickFormat: tickWriter(chart.y, yTicks),
        fontSize: FONT_SIZE,
        color: soft,
        label: null,
      }),
      plot.text([`↑ ${oneLine(axisTitle(chart.y))}`], {
        ...text,
        frameAnchor: 'top-left',
        dx: 4 - MARGIN.left,
        dy: -18 - markHeight,
      }),
      plot.text([`${oneLine(axisTitle(chart.x))} →`], { ...text, frameAnchor: 'bottom-right', dy: 36 }),
    ],
  })
  return svg.replace(/<\/svg>$/, () => `${drawLegend(legend)}</svg>`)
}

function drawNothing({ plot, draw }: Canvas, width: number): string {
  return draw({
    ...baseOptions(width, 60),
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      plot.text(['not measured: no value can be shown on these axes'], {
        frameAnchor: 'left',
        fill: colourVariable('soft'),
        fontStyle: 'italic',
        fontSize: FONT_SIZE,
      }),
    ],
  })
}

const DRAWING_ORDER: readonly Series['style'][] = ['band', 'faint', 'line', 'points']

function orderByStyle<Layer>(series: readonly Series[], layers: readonly Layer[]): Layer[] {
  return DRAWING_ORDER.flatMap((style) => layers.filter((_, i) => series[i]?.style === style))
}

/** Values that the axes cannot show become gaps: a line must not bridge what was not measured. */
function seriesMark(
  { plot }: Canvas,
  series: Series,
  look: SeriesLook,
  points: readonly Point[],
  chart: LineChart,
) {
  const colour = colourVariable(look.role)
  const x = (p: Point): number => (isShowable(chart.x, p.x) ? p.x : Number.NaN)
  const y = (value: (p: Point) => number) => (p: Point) =>
    isShowable(chart.y, value(p)) ? value(p) : Number.NaN
  const clip = true
  switch (series.style) {
    case 'band':
      return plot.areaY(points, {
        x,
        y1: y((p) => p.low),
        y2: y((p) => p.high),
        fill: colour,
        fillOpacity: 0.18,
        clip,
      })
    case 'points':
      return plot.dot(points, {
        x,
        y: y((p) => p.y),
        r: 4,
        symbol: look.symbol,
        fill: colour,
        fillOpacity: 0.85,
        stroke: colourVariable('page'),
        strokeWidth: 0.75,
        clip,
      })
    case 'faint':
      return plot.line(points, {
        x,
        y: y((p) => p.y),
        stroke: colour,
        strokeOpacity: 0.6,
        strokeWidth: 1,
        clip,
      })
    case 'line':
      return plot.line(points, {
        x,
        y: y((p) => p.y),
        stroke: colour,
        strokeWidth: 2,
        strokeDasharray: look.dash === '' ? undefined : look.dash,
        clip,
      })
  }
}

interface PlacedMark extends Mark {
  readonly place: ReturnType<typeof placeLabels>[number]
}

function placeMarks(chart: LineChart, domain: Domain, inner: number): PlacedMark[] {
  const marks = (chart.marks ?? [])
    .filter((m) => isShowable(chart.x, m.from))
    .map((m) => ({ ...m, label: oneLine(m.label) }))
    .sort((a, b) => a.from - b.from)
  // Marks of one name are named once, at the first of them.
  const alike = groupBy(marks, (m) => m.label)
  const told = [...alike.values()].map(([first, ...more]) => ({
    ...first,
    text: more.length === 0 ? first.label : `${first.label} ×${more.length + 1}`,
  }))
  const places = placeLabels(
    told.map(({ from, text }) => ({ x: position(chart.x, domain, from) * inner, text })),
    inner,
    MARK_ROWS,
  )
  const firsts = told.map(({ text, ...mark }, i) => ({ ...mark, label: text, place: places[i] }))
  const others = [...alike.values()].flatMap((group) =>
    group.slice(1).map((m) => ({ ...m, place: undefined })),
  )
  return [...firsts, ...others]
}

function markShapes({ plot }: Canvas, mark: PlacedMark) {
  const colour = colourVariable(mark.status)
  const rule = plot.ruleX([mark.from], {
    stroke: colour,
    strokeWidth: 1.25,
    strokeDasharray: '4,3',
    insetTop: mark.place === undefined ? 0 : -4 - LABEL_ROW * mark.place.row,
  })
  if (mark.to === undefined || mark.to <= mark.from) return [rule]
  return [plot.rect([mark], { x1: 'from', x2: 'to', fill: colour, fillOpacity: 0.12 }), rule]
}

function markLabel({ plot }: Canvas, mark: PlacedMark) {
  if (mark.place === undefined) return undefined
  return plot.text([mark], {
    x: 'from',
    frameAnchor: 'top',
    textAnchor: mark.place.anchor,
    dx: mark.place.anchor === 'start' ? 4 : -4,
    dy: -8 - LABEL_ROW * mark.place.row,
    fontSize: FONT_SIZE,
    fontWeight: 600,
    fill: colourVariable(mark.status),
    stroke: colourVariable('page'),
    strokeWidth: 4,
    text: 'label',
  })
}
