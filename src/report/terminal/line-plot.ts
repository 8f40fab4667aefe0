import type { LineChart, Series } from '../../core/index.js'
import { lineDomains } from '../charts/lines.js'
import { axisTitle, isShowable, position, ticksOf, tickText, tickWriter } from '../charts/ticks.js'
import { oneLine } from '../text/safe.js'
import { pad, shorten, wrap } from '../text/width.js'
import { STATUS_WORDS } from '../verdict.js'
import { type BraillePlane, createBraillePlane } from './braille.js'
import type { Paint, Style } from './style.js'

/** Shown before a name in the legend. */
const SIGNS = { line: '━', faint: '─', points: '•', band: '░' } as const
const GUTTER = 9
const TALL = 11
const SHORT = 4
const SERIES_STYLES: readonly Style[] = ['insufficient', 'warn', 'pass', 'error', 'fail']

interface Layer {
  readonly plane: BraillePlane
  readonly style: Style
}

/** A line chart in braille dots, with axes, marks beneath and a legend; `width` cells wide. */
export function linePlot(chart: LineChart, width: number, paint: Paint): string[] {
  const domains = lineDomains(chart)
  if (domains === undefined) return [paint('not measured: no value can be shown', 'dim')]
  const columns = Math.max(10, width - GUTTER - 1)
  const rows = chart.height === 'short' ? SHORT : TALL
  const names = [...new Set(chart.series.map((s) => s.name))]
  const styleOf = (name: string): Style => SERIES_STYLES[names.indexOf(name) % SERIES_STYLES.length] ?? 'dim'
  const layers = ORDER.flatMap((wanted) =>
    chart.series
      .filter(({ style }) => style === wanted)
      .map((series): Layer => {
        const plane = createBraillePlane(columns, rows)
        const across = (x: number): number =>
          Math.round(position(chart.x, domains.x, x) * (plane.dotsAcross - 1))
        const down = (y: number): number =>
          Math.round((1 - position(chart.y, domains.y, y)) * (plane.dotsDown - 1))
        drawSeries(plane, series, chart, across, down)
        return { plane, style: series.style === 'faint' ? 'dim' : styleOf(series.name) }
      }),
  )
  const legendText = (name: string): string => {
    const signs = chart.series.filter((s) => s.name === name).map((s) => SIGNS[s.style])
    return `${signs.join('')}\u00a0${oneLine(name).replace(/ /g, '\u00a0')}\u00a0\u00a0`
  }
  const cell = (column: number, row: number): string => {
    const layer = layers.find(({ plane }) => plane.at(column, row) !== ' ')
    return layer === undefined ? ' ' : paint(layer.plane.at(column, row), layer.style)
  }
  const labels = yLabels(chart, domains.y, rows)
  const lines = [paint(`${oneLine(axisTitle(chart.y))}`, 'dim')]
  for (let row = 0; row < rows; row++) {
    const body = Array.from({ length: columns }, (_, column) => cell(column, row)).join('')
    lines.push(`${paint(pad(labels.get(row) ?? '', GUTTER - 1, 'right'), 'dim')} │${body.replace(/ +$/, '')}`)
  }
  lines.push(paint(xRule(chart, domains.x, columns), 'dim'), paint(xLabels(chart, domains.x, columns), 'dim'))
  if (names.length > 1)
    lines.push(
      ...wrap(names.map(legendText).join(' '), width - GUTTER - 1).map(
        (line) => ' '.repeat(GUTTER + 1) + line.replace(/\u00a0/g, ' ').trimEnd(),
      ),
    )
  return [...lines, ...markLines(chart, width, paint)]
}

/** What is drawn first hides what comes later in the same cell. */
const ORDER: readonly Series['style'][] = ['points', 'line', 'faint', 'band']

function drawSeries(
  plane: BraillePlane,
  series: Series,
  chart: LineChart,
  across: (x: number) => number,
  down: (y: number) => number,
): void {
  let previous: readonly [number, number] | undefined
  for (let i = 0; i < series.x.length; i++) {
    const x = series.x[i] ?? Number.NaN
    const y = series.y[i] ?? Number.NaN
    if (!isShowable(chart.x, x)) continue
    if (series.style === 'band') {
      const ends = [series.low?.[i] ?? y, series.high?.[i] ?? y].filter((end) => isShowable(chart.y, end))
      for (const end of ends) plane.set(across(x), down(end))
      continue
    }
    if (!isShowable(chart.y, y)) {
      previous = undefined
      continue
    }
    const at = [across(x), down(y)] as const
    if (series.style === 'points') plane.line(at[0], at[1], at[0] + 1, at[1])
    else if (previous === undefined) plane.set(...at)
    else plane.line(...previous, ...at)
    previous = at
  }
}

function yLabels(chart: LineChart, domain: readonly [number, number], rows: number): Map<number, string> {
  const labels = new Map<number, string>()
  const ticks = ticksOf(chart.y, domain, Math.max(2, Math.floor(rows / 2)))
  const write = tickWriter(chart.y, ticks)
  for (const tick of ticks)
    labels.set(Math.round((1 - position(chart.y, domain, tick)) * (rows - 1)), write(tick))
  return labels
}

function xTickColumns(chart: LineChart, domain: readonly [number, number], columns: number) {
  const ticks = ticksOf(chart.x, domain, Math.floor(columns / 14))
  const write = tickWriter(chart.x, ticks)
  return ticks.map((tick) => ({
    column: Math.round(position(chart.x, domain, tick) * (columns - 1)),
    text: write(tick),
  }))
}

function xRule(chart: LineChart, domain: readonly [number, number], columns: number): string {
  const cells = Array.from({ length: columns }, () => '─')
  for (const { column } of xTickColumns(chart, domain, columns)) cells[column] = '┬'
  return `${' '.repeat(GUTTER)}└${cells.join('')}`
}

function xLabels(chart: LineChart, domain: readonly [number, number], columns: number): string {
  const title = ` ${shorten(oneLine(axisTitle(chart.x)), 30)}`
  let line = ''
  for (const { column, text } of xTickColumns(chart, domain, columns)) {
    const start = Math.max(0, Math.min(column - Math.floor(text.length / 2), columns - text.length))
    if (start < line.length + 1 && line !== '') continue
    if (start + text.length > columns - title.length && column < columns - 1 && line !== '') continue
    line = line.padEnd(start) + text
  }
  const room = columns - line.length
  return `${' '.repeat(GUTTER + 1)}${line}${room >= title.length ? title.padStart(room) : ''}`
}

function markLines(chart: LineChart, width: number, paint: Paint): string[] {
  return (chart.marks ?? []).map(({ from, to, label, status }) => {
    const until = to === undefined ? '' : `–${tickText(chart.x, to)}`
    const place = `${oneLine(chart.x.label)} ${tickText(chart.x, from)}${until}`
    const { sign } = STATUS_WORDS[status]
    return shorten(`${' '.repeat(GUTTER + 1)}${sign} ${place}: ${oneLine(label)}`, width).replace(
      sign,
      paint(sign, status),
    )
  })
}
