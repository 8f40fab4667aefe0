import type { LogReaderOptions } from '../../../core/index.js'
import { raise } from '../errors.js'
import { chooseColumns, type Field, fieldOf, scaleOf } from '../names/column-names.js'
import { RunRecorder } from './recorder.js'

/** One name's values in the order of the log. */
interface Series {
  readonly name: string
  readonly step: number[]
  readonly value: number[]
  /** What puts the values of all names into one order: a record's number, or a time. */
  readonly order: number[]
  /** Values that were given, also where they are not kept. */
  count: number
}

/** Values that come one by one under their names, as event files and trackers keep them, made rows in the end. */
export class NamedSeries {
  private readonly slots = new Map<string, number>()
  private readonly series: Series[] = []

  /** The place of a name, from 0. */
  slotOf(name: string): number {
    let slot = this.slots.get(name)
    if (slot === undefined) {
      slot = this.series.length
      this.slots.set(name, slot)
      this.series.push({ name, step: [], value: [], order: [], count: 0 })
    }
    return slot
  }

  put(slot: number, step: number, value: number, order: number): void {
    const series = this.series[slot]
    series.count++
    series.step.push(step)
    series.value.push(value)
    series.order.push(order)
  }

  /** Where no step but 0 is told, count the values of the most frequent name; others stand at its latest. @returns whether so */
  countSteps(): boolean {
    const clock = this.series.reduce((most, s) => (s.count > most.count ? s : most), this.series[0])
    const zeros = this.series.flatMap((s) => s.step.filter((step) => step === 0)).length
    if (
      !(clock?.count > 1) ||
      zeros === 1 ||
      this.series.some((s) => s.step.some((step) => step < 0 || step > 0))
    )
      return false
    for (const { step, order } of this.series) {
      let at = 0
      order.forEach((time, i) => {
        while (at < clock.order.length && clock.order[at] <= time) at++
        step[i] = Math.max(1, at)
      })
    }
    return true
  }

  /**
   * Rows of the best name for each quantity: neighbours of one step are one row.
   * @throws logs/no-column for a chosen column that is no name
   */
  record(format: string, path: string, { columns }: LogReaderOptions, label?: string): RunRecorder {
    const names = this.series.map((s) => s.name)
    for (const name of Object.values(columns))
      if (!this.slots.has(name))
        throw raise('no-column', `"${name}" is none of ${names.map((n) => `"${n}"`).join(', ')}`, { path })
    const counts = new Map(this.series.map((s) => [s.name, s.count] as const))
    const wanted = [...chooseColumns(names, columns, counts)].flatMap(([field, name]) => {
      const slot = this.slots.get(name)
      return field === 'step' || slot === undefined
        ? []
        : [{ field, scale: scaleOf(field, name), at: 0, ...this.series[slot] }]
    })
    const record = new RunRecorder(format, path)
    if (label !== undefined) record.startRun(label)
    let openStep = Number.NaN
    let open = new Set<Field>()
    for (;;) {
      let next: (typeof wanted)[number] | undefined
      for (const series of wanted) {
        if (series.at === series.step.length) continue
        const ahead = next === undefined ? -1 : series.order[series.at] - next.order[next.at]
        if (next === undefined || ahead < 0 || (ahead === 0 && series.step[series.at] < next.step[next.at]))
          next = series
      }
      if (next === undefined) return record
      const { step, value, order, at, field, scale } = next
      if (step[at] !== openStep || open.has(field)) {
        record.row(step[at], order[at])
        openStep = step[at]
        open = new Set()
      }
      open.add(field)
      record.put(field, scale * value[at])
      next.at++
    }
  }
}

/** Whether a name may be wanted: others need not be kept. */
export function isWanted(name: string, { columns }: LogReaderOptions): boolean {
  return fieldOf(name) !== undefined || Object.values(columns).includes(name)
}
