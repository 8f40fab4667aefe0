import type { Axis } from '../../core/index.js'
import { formatCount, formatNumber, isPercent } from '../text/numbers.js'

export type Domain = readonly [low: number, high: number]

/** Share of the data's width that stays free at each end of an axis. */
const PADDING = 0.04
/** Values this close (a share of their size) count as one. */
const SAME = 1e-9

/** A value that this axis can show. */
export function isShowable(axis: Axis, value: number): boolean {
  return Number.isFinite(value) && (axis.scale !== 'log' || value > 0)
}

/** The axis's own domain, or the data's with a little room; `undefined` when nothing can be shown. */
export function axisDomain(axis: Axis, values: Iterable<number>, padding = PADDING): Domain | undefined {
  const fixed = axis.domain
  if (fixed !== undefined && fixed[0] < fixed[1] && isShowable(axis, fixed[0])) return fixed
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!isShowable(axis, value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return undefined
  // Ends that differ by rounding alone are one value: no tick falls between them.
  const flat = high - low <= SAME * Math.max(Math.abs(low), Math.abs(high))
  if (axis.scale === 'log') {
    const room = flat ? 2 : (high / low) ** padding
    return [low / room, high * room]
  }
  const room = flat ? Math.max(Math.abs(low) * 0.1, 1e-9) : (high - low) * padding
  // A quantity that cannot be negative does not get an axis that is.
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room]
}

/** `axisDomain`, or an empty axis where nothing can be shown. */
export function shownDomain(axis: Axis, values: Iterable<number>): Domain {
  return axisDomain(axis, values) ?? (axis.scale === 'log' ? [1, 10] : [0, 1])
}

/** Where a value stands between the ends: 0 … 1. */
export function position(axis: Axis, [low, high]: Domain, value: number): number {
  if (axis.scale === 'log') return Math.log(value / low) / Math.log(high / low)
  return (value - low) / (high - low)
}

const STEPS = [1, 2, 2.5, 5, 10]

function linearTicks([low, high]: Domain, count: number): number[] {
  const rough = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((s) => s * power >= rough * 0.999) ?? 10) * power
  const ticks: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-12) + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)))
  return ticks
}

/** Which multiples of each power of ten are marked: as many as there is room for. */
const LOG_FACTORS = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]

function logTicks([low, high]: Domain, count: number): number[] {
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i)
  const inside = (tick: number): boolean => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)
  for (const factors of LOG_FACTORS) {
    const ticks = powers
      .flatMap((power) => factors.map((f) => Number((f * 10 ** power).toPrecision(12))))
      .filter(inside)
    if (ticks.length <= count) return ticks.length < 2 ? linearTicks([low, high], count) : ticks
  }
  const decades = powers.map((power) => 10 ** power).filter(inside)
  const stride = Math.ceil(decades.length / count)
  return decades.filter((_, i) => i % stride === 0)
}

/** Round values to mark an axis at, about `count` of them. */
export function ticksOf(axis: Axis, domain: Domain, count: number): number[] {
  return [...new Set(axis.scale === 'log' ? logTicks(domain, count) : linearTicks(domain, count))]
}

const FEWEST_DIGITS = 4
/** What a double can carry. */
const MOST_DIGITS = 15

/** A tick's text: percentages for shares, `1.5B` for large counts, `1e21` beyond. */
export function tickText(axis: Axis, tick: number, digits: number = FEWEST_DIGITS): string {
  if (isPercent(axis.unit)) return `${formatNumber(Number((tick * 100).toPrecision(MOST_DIGITS)), digits)}%`
  const size = Math.abs(tick)
  return size >= 1e4 && size < 1e15 ? formatCount(tick, digits - 1) : formatNumber(tick, digits)
}

/** Texts of all ticks of an axis, with as few digits as tell them apart: no two ticks read alike. */
export function tickWriter(axis: Axis, ticks: readonly number[]): (tick: number) => string {
  let digits = FEWEST_DIGITS
  while (digits < MOST_DIGITS && new Set(ticks.map((t) => tickText(axis, t, digits))).size < ticks.length)
    digits++
  return (tick) => tickText(axis, tick, digits)
}

/** `loss (nats/token)`; the unit is left out where the label or the ticks already say it. */
export function axisTitle(axis: Axis): string {
  const { label, unit } = axis
  if (unit === undefined || unit === '' || isPercent(unit)) return label
  return label.replace(/ per /g, '/').includes(unit) ? label : `${label} (${unit})`
}
