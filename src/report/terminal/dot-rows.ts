import type { DotChart } from '../../core/index.js'
import { counted } from '../../core/index.js'
import { dotValues, rowValue } from '../charts/dot-layout.js'
import { axisTitle, isShowable, position, shownDomain } from '../charts/ticks.js'
import { oneLine } from '../text/safe.js'
import { cellWidth, pad, wrap } from '../text/width.js'
import { intervalBar } from './bar.js'
import type { Paint } from './style.js'

const MOST_ROWS = 16
const LONGEST_LABEL = 34
const LONGEST_VALUE = 32
/** A label takes at most this share of the line. */
const LABEL_SHARE = 0.36
/** Below this many cells a bar shows nothing. */
const NARROWEST_BAR = 6

/** Rows of `label  value [low, high]  ├──●──┤`, at most `width` cells wide. */
export function dotRows(chart: DotChart, width: number, paint: Paint): string[] {
  const shown = chart.rows.slice(0, MOST_ROWS)
  const labelOf = (row: DotChart['rows'][number]): string =>
    oneLine(row.group === undefined ? row.label : `${row.label} · ${row.group}`)
  const labelWidth = Math.min(
    LONGEST_LABEL,
    Math.floor(width * LABEL_SHARE),
    Math.max(...shown.map((r) => cellWidth(labelOf(r)))),
  )
  const valueWidth = Math.min(
    LONGEST_VALUE,
    Math.max(0, ...shown.map((r) => cellWidth(rowValue(r.estimate)))),
  )
  const room = width - labelWidth - valueWidth - 4
  const barWidth = room < NARROWEST_BAR ? 0 : room
  const domain = shownDomain(chart.x, dotValues(chart))
  const place = (value: number): number => (isShowable(chart.x, value) ? position(chart.x, domain, value) : 0)
  const references = (chart.reference ?? [])
    .filter((r) => isShowable(chart.x, r.value))
    .sort((a, b) => a.value - b.value)
  const marks = references.map((r) => place(r.value))
  const lines = shown.flatMap((row) => {
    const label = pad(labelOf(row), labelWidth)
    const painted = row.emphasis === true ? paint(label, 'bold') : label
    const { estimate } = row
    if (estimate.kind === 'notEstimable') {
      const [first, ...rest] = wrap(`not measured: ${oneLine(estimate.reason)}`, width - labelWidth - 2)
      const beneath = ' '.repeat(labelWidth + 2)
      return [`${painted}  ${paint(first, 'dim')}`, ...rest.map((line) => beneath + paint(line, 'dim'))]
    }
    const { low, high } = estimate.interval
    const bar = intervalBar({
      width: barWidth,
      low: place(low),
      value: place(estimate.value),
      high: place(high),
      marks,
    })
    return `${painted}  ${pad(rowValue(estimate), valueWidth, 'right')}  ${paint(bar.trimEnd(), 'insufficient')}`
  })
  const left = chart.rows.length - shown.length
  const notes = [
    oneLine(axisTitle(chart.x)),
    ...references.map((r) => `│ ${oneLine(r.label)}`),
    ...(left > 0 ? [`${counted(left, 'more row')} in the HTML report`] : []),
  ]
  return [...lines, ...wrap(notes.join(' · '), width).map((line) => paint(line, 'dim'))]
}
