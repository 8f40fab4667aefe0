import type { DotChart, Estimate } from '../../core/index.js'
import { estimateText } from '../text/numbers.js'
import { oneLine } from '../text/safe.js'

export type Measured = Extract<Estimate, { kind: 'estimate' }>

/** A row placed on the drawing; `y` counts pixels from the top of the plot. */
export interface PlacedRow {
  readonly y: number
  readonly label: string
  readonly emphasis: boolean
  readonly estimate: Estimate
  /** `1.023 [1.012, 1.035]`, or empty. */
  readonly value: string
  /** `not measured: reason`, or empty. */
  readonly missing: string
}

export interface DotLayout {
  readonly rows: readonly PlacedRow[]
  readonly groups: readonly { readonly y: number; readonly label: string }[]
  readonly height: number
}

const GROUP_HEIGHT = 30

/** `1.023 [1.012, 1.035]`: the unit stands on the axis. */
export function rowValue(estimate: Estimate): string {
  if (estimate.kind === 'notEstimable') return ''
  const { value, interval } = estimateText(estimate)
  return interval.startsWith('[') ? `${value} ${interval}` : value
}

/** Give every row its height and every change of group a heading. */
export function layOutRows(rows: DotChart['rows'], rowHeight: number): DotLayout {
  const placed: PlacedRow[] = []
  const groups: { y: number; label: string }[] = []
  let y = 0
  let current: string | undefined
  for (const { label, estimate, emphasis, group } of rows) {
    if (group !== current && group !== undefined) {
      groups.push({ y: y + GROUP_HEIGHT * 0.65, label: oneLine(group) })
      y += GROUP_HEIGHT
    }
    current = group
    placed.push({
      y: y + rowHeight / 2,
      label: oneLine(label),
      emphasis: emphasis === true,
      estimate,
      value: rowValue(estimate),
      missing: estimate.kind === 'estimate' ? '' : `not measured: ${oneLine(estimate.reason)}`,
    })
    y += rowHeight
  }
  return { rows: placed, groups, height: y }
}

/** All values that the x axis must reach. */
export function dotValues(chart: DotChart): number[] {
  return [
    ...chart.rows.flatMap(({ estimate }) =>
      estimate.kind === 'estimate' ? [estimate.value, estimate.interval.low, estimate.interval.high] : [],
    ),
    ...(chart.reference ?? []).map((r) => r.value),
  ]
}
