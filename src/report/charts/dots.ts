import type { DotChart } from '../../core/index.js'
import { colourVariable } from '../palette.js'
import { formatEstimate } from '../text/numbers.js'
import { oneLine } from '../text/safe.js'
import { pixelWidth, shorten } from '../text/width.js'
import { dotValues, layOutRows, type Measured, type PlacedRow } from './dot-layout.js'
import { baseOptions, type Canvas, FONT_SIZE } from './draw.js'
import { LABEL_ROW, placeLabels, rowsUsed } from './labels.js'
import { axisTitle, type Domain, isShowable, position, shownDomain, ticksOf, tickWriter } from './ticks.js'

type MeasuredRow = PlacedRow & { readonly estimate: Measured }

/** Below this width a row's label stands above its dot instead of beside it. */
const STACKED_BELOW = 520
const AXIS_HEIGHT = 44
/** A label beside its dot takes at most this share of the drawing. */
const LABEL_SHARE = 0.3
const REFERENCE_ROWS = 3

const lettersIn = (pixels: number): number => Math.floor(pixels / pixelWidth('x', FONT_SIZE))

/** Rows of dots with intervals, group headings, labelled reference lines. Returns SVG text `width` pixels wide. */
export function drawDots({ plot, draw }: Canvas, chart: DotChart, width: number): string {
  const stacked = width < STACKED_BELOW
  const { rows, groups, height } = layOutRows(chart.rows, stacked ? 42 : 27)
  const widest = (text: (row: PlacedRow) => string): number =>
    Math.max(0, ...rows.map((row) => pixelWidth(text(row), FONT_SIZE + 0.5)))
  const labelRoom = stacked
    ? width * 0.55
    : Math.min(
        widest((r) => r.label),
        width * LABEL_SHARE,
      )
  const marginLeft = stacked ? 8 : labelRoom + 20
  const marginRight = stacked ? 8 : widest((r) => r.value) + 22
  const inner = width - marginLeft - marginRight
  const domain = shownDomain(chart.x, dotValues(chart))
  const references = placeReferences(chart, domain, inner)
  const marginTop = 12 + LABEL_ROW * rowsUsed(references.map((r) => r.place))
  const ticks = ticksOf(chart.x, domain, stacked ? 4 : 6)

  const dotY = (row: PlacedRow): number => row.y + (stacked ? 9 : 0)
  const labelY = (row: PlacedRow): number => row.y - (stacked ? 9 : 0)
  const measured = rows.filter((row): row is MeasuredRow => row.estimate.kind === 'estimate')
  const shown = measured.filter((row) => isShowable(chart.x, row.estimate.value))
  const ink = colourVariable('ink')
  const soft = colourVariable('soft')
  const line = colourVariable('line')
  const page = colourVariable('page')
  const text = { fontSize: FONT_SIZE, fill: soft } as const

  // Where labels stand inside the plot, the lines behind them keep their distance.
  const halo = stacked ? { stroke: page, strokeWidth: 4 } : {}

  const rowMarks = (emphasis: boolean) => {
    const mine = shown.filter((row) => row.emphasis === emphasis)
    const fill = emphasis ? ink : colourVariable('series1')
    return [
      plot.text(
        rows.filter((row) => row.emphasis === emphasis),
        {
          ...text,
          ...halo,
          fill: ink,
          fontWeight: emphasis ? 700 : 400,
          frameAnchor: 'left',
          textAnchor: stacked ? 'start' : 'end',
          dx: stacked ? 0 : -12,
          y: labelY,
          text: (row: PlacedRow) => shorten(row.label, lettersIn(labelRoom)),
        },
      ),
      plot.ruleY(mine, {
        y: dotY,
        // On a log axis an interval that reaches 0 is drawn to the axis's end.
        x1: (row: MeasuredRow) => Math.max(row.estimate.interval.low, domain[0]),
        x2: (row: MeasuredRow) => Math.min(row.estimate.interval.high, domain[1]),
        stroke: fill,
        strokeOpacity: 0.4,
        strokeWidth: 6,
        strokeLinecap: 'round',
      }),
      plot.dot(mine, {
        x: (row: MeasuredRow) => row.estimate.value,
        y: dotY,
        r: emphasis ? 6 : 4.5,
        symbol: emphasis ? 'diamond' : 'circle',
        fill,
        stroke: page,
        strokeWidth: 1,
        title: (row: MeasuredRow) => `${row.label}: ${oneLine(formatEstimate(row.estimate))}`,
      }),
    ]
  }

  return draw({
    ...baseOptions(width, height + marginTop + AXIS_HEIGHT),
    marginLeft,
    marginRight,
    marginTop,
    marginBottom: AXIS_HEIGHT,
    x: { type: chart.x.scale ?? 'linear', domain: [...domain] },
    y: { domain: [0, height], range: [marginTop, height + marginTop], axis: null },
    marks: [
      plot.ruleX(ticks, { stroke: line }),
      plot.ruleY(rows, { y: dotY, stroke: line, strokeDasharray: '1,4' }),
      references.map(({ value, label, place }) => [
        plot.ruleX([value], {
          stroke: soft,
          strokeWidth: 1.25,
          strokeDasharray: '5,3',
          insetTop: place === undefined ? 0 : -4 - LABEL_ROW * place.row,
        }),
        place &&
          plot.text([label], {
            ...text,
            text: (t: string) => t,
            x: () => value,
            frameAnchor: 'top',
            stroke: page,
            strokeWidth: 4,
            textAnchor: place.anchor,
            dx: place.anchor === 'start' ? 5 : -5,
            dy: -8 - LABEL_ROW * place.row,
          }),
      ]),
      plot.text(groups, {
        ...text,
        text: 'label',
        fontWeight: 700,
        frameAnchor: 'left',
        textAnchor: 'start',
        dx: 4 - marginLeft,
        y: 'y',
      }),
      rowMarks(false),
      rowMarks(true),
      plot.text(
        rows.filter((row) => row.missing !== ''),
        {
          ...text,
          fontStyle: 'italic',
          stroke: page,
          strokeWidth: 5,
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: 6,
          y: dotY,
          text: (row: PlacedRow) => shorten(row.missing, lettersIn(width - marginLeft - 12)),
        },
      ),
      plot.text(measured, {
        ...text,
        ...halo,
        text: 'value',
        fontVariant: 'tabular-nums',
        frameAnchor: 'right',
        textAnchor: stacked ? 'end' : 'start',
        dx: stacked ? 0 : 12,
        y: labelY,
      }),
      plot.axisX(ticks, {
        tickSize: 0,
        tickFormat: tickWriter(chart.x, ticks),
        fontSize: FONT_SIZE,
        color: soft,
        label: null,
      }),
      plot.text([`${oneLine(axisTitle(chart.x))} →`], { ...text, frameAnchor: 'bottom-right', dy: 36 }),
    ],
  })
}

function placeReferences(chart: DotChart, domain: Domain, inner: number) {
  const references = (chart.reference ?? [])
    .filter((r) => isShowable(chart.x, r.value) && r.value >= domain[0] && r.value <= domain[1])
    .map(({ value, label }) => ({ value, label: oneLine(label) }))
    // From the right: a label grows to the right, so that no other's line crosses it.
    .sort((a, b) => b.value - a.value)
  const places = placeLabels(
    references.map((r) => ({ x: position(chart.x, domain, r.value) * inner, text: r.label })),
    inner,
    REFERENCE_ROWS,
  )
  return references.map((reference, i) => ({ ...reference, place: places[i] }))
}
