import type { Estimate } from './estimate.js'
import type { Status } from './finding.js'

/**
 * What a probe shows, in forms that know nothing of HTML: the report draws every kind once,
 * so a new probe brings its section without touching the report.
 */

export interface Axis {
  readonly label: string
  readonly unit?: string
  readonly scale?: 'linear' | 'log'
  /** Fixed ends; left out, the data decide. */
  readonly domain?: readonly [number, number]
}

/** Dots with intervals, one row a thing, drawn in the order given; `reference` draws labelled vertical lines. */
export interface DotChart {
  readonly kind: 'dots'
  readonly caption: string
  readonly x: Axis
  readonly rows: readonly { label: string; estimate: Estimate; group?: string; emphasis?: boolean }[]
  readonly reference?: readonly { value: number; label: string }[]
  /** For those who check rather than read: folded away with the tables. */
  readonly detail?: boolean
}

/** One line, cloud or band. `x` and `y` have one length; `low`/`high` are a band's borders. */
export interface Series {
  readonly name: string
  readonly style: 'line' | 'points' | 'faint' | 'band'
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly low?: ArrayLike<number>
  readonly high?: ArrayLike<number>
}

/** Estimates as a line in its band, under one name so that they share a colour; where there is none, none is drawn. */
export function bandedLine(
  name: string,
  measured: readonly { readonly at: number; readonly estimate: Estimate | undefined }[],
): Series[] {
  const known = measured.flatMap(({ at, estimate: e }) => (e?.kind === 'estimate' ? [{ at, ...e }] : []))
  const x = known.map((p) => p.at)
  const y = known.map((p) => p.value)
  const [low, high] = (['low', 'high'] as const).map((end) => known.map((p) => p.interval[end]))
  return [
    { name, style: 'band', x, y, low, high },
    { name, style: 'line', x, y },
  ]
}

/** A labelled place (or stretch, when `to` is given) on the x axis. */
export interface Mark {
  readonly from: number
  readonly to?: number
  readonly label: string
  readonly status: Status
}

/** Lines over a shared axis, with bands where they have intervals. */
export interface LineChart {
  readonly kind: 'lines'
  readonly caption: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  readonly marks?: readonly Mark[]
  /** For those who check rather than read: folded away with the tables. */
  readonly detail?: boolean
  /** Short charts sit under a tall one that shares their x axis (learning rate under loss). */
  readonly height?: 'tall' | 'short'
}

/** Text whose spans carry a weight in [−1, 1], shown as colour. */
export interface PassageChart {
  readonly kind: 'passage'
  readonly caption: string
  readonly spans: readonly { text: string; weight: number }[]
  /** What a weight above and below 0 says. */
  readonly legend?: { readonly plus: string; readonly minus: string }
}

/** A chart as data: what is shown, not how it is drawn. */
export type Chart = DotChart | LineChart | PassageChart

/** A cell of a table; an estimate is shown with its interval, null as unknown. */
export type Cell = string | number | Estimate | null

/** A table as data, folded under the chart that it belongs to. */
export interface TableView {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Estimates are tinted by their share of the largest, where there is colour: a heat map that can be read as a table. */
  readonly heat?: boolean
}

/** A section of the report: a question, the sentence that answers it, then what shows it. */
export interface Section {
  readonly id: string
  /** The probe whose findings stand in this section; `defineProbe` fills it in. */
  readonly probe?: string
  /** Where the section stands among the others: lower comes first. */
  readonly order: number
  readonly question: string
  readonly answer: string
  /** The answer in a word or two, for the table of contents. */
  readonly inShort?: string
  readonly charts: readonly Chart[]
  readonly tables: readonly TableView[]
  /** How it was measured: settings, seeds, what was left out and why. */
  readonly protocol: readonly string[]
}
