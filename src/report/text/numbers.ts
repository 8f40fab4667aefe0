import { counted, DEFAULT_LEVEL, type Estimate, scaled, type Threshold } from '../../core/index.js'

/** Units that people read as percentages; JSON keeps the fraction. */
const PERCENT_UNITS = new Set(['share', 'accuracy'])
const LARGEST_PLAIN = 1e7
const SMALLEST_PLAIN = 1e-3
const DIGITS_WITHOUT_INTERVAL = 4
const DIGITS_OF_A_COUNT = 3
/** Leading digits of a half-width below which a second digit is worth showing. */
const TWO_DIGITS_BELOW = 3.55

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const digits = whole.replace('-', '')
  const spaced = digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${whole.startsWith('-') ? '−' : ''}${spaced}${fraction === undefined ? '' : `.${fraction}`}`
}

/** `1.2e22`, as people type it on the command line. */
function scientific(x: number, digits: number): string {
  const [mantissa = '', exponent = ''] = x.toExponential(Math.max(0, digits - 1)).split('e')
  return `${trimZeros(mantissa).replace('-', '−')}e${exponent.replace('+', '')}`
}

/** A number that has no interval (a table cell, a bound, an axis): four significant digits, integers in full. */
export function formatNumber(x: number, digits = DIGITS_WITHOUT_INTERVAL): string {
  if (!Number.isFinite(x)) return 'not a number'
  const size = Math.abs(x)
  if (size === 0) return '0'
  if (size >= LARGEST_PLAIN && !(Number.isInteger(x) && size < 1e9)) return scientific(x, digits)
  if (size < SMALLEST_PLAIN) return scientific(x, digits)
  if (Number.isInteger(x)) return grouped(String(x))
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  return grouped(trimZeros(x.toFixed(Math.min(decimals, 12))))
}

/** `135M`, `1.7B`: parameters and tokens as the field writes them. */
export function formatCount(x: number, digits = DIGITS_OF_A_COUNT): string {
  const [rounded, unit] = scaled(x, digits) ?? [x, '']
  return `${formatNumber(rounded, digits)}${unit}`
}

/** `1.3 GB`, decimal units. */
export function formatBytes(bytes: number): string {
  const [rounded, letter] = scaled(bytes, DIGITS_OF_A_COUNT) ?? []
  return rounded === undefined
    ? counted(bytes, 'byte')
    : `${formatNumber(rounded)} ${letter === 'B' ? 'G' : letter}B`
}

/** A bound or a point in the unit's own form: `62 %`, `1.2 bits/byte`. */
export function formatQuantity(x: number, unit: string): string {
  return joinUnit(formatNumber(isPercent(unit) ? x * 100 : x), unitText(unit, x))
}

/** Whether a unit is shown in percent. */
export function isPercent(unit: string | undefined): boolean {
  return unit !== undefined && PERCENT_UNITS.has(unit)
}

function joinUnit(number: string, unit: string): string {
  return unit === '' || unit === '1' ? number : unit === '×' ? `${number}×` : `${number} ${unit}`
}

const ONE: ReadonlyMap<string, string> = new Map([
  ['losses', 'loss'],
  ...['byte', 'domain', 'point', 'row', 'sample', 'spike', 'step', 'token'].map(
    (one) => [`${one}s`, one] as const,
  ),
])

/** How a unit is written behind its number: what counts things, of one thing in the singular. */
export function unitText(unit: string, value: number): string {
  return isPercent(unit) ? '%' : unit === 'ratio' ? '×' : ((value === 1 ? ONE.get(unit) : undefined) ?? unit)
}

/** An estimate as text, in pieces that the formats lay out as they like. */
export interface EstimateText {
  /** `1.023` */
  readonly value: string
  /** `[1.012, 1.035]`, with its level where that is not the usual 95 %; `exact` for a count, `all alike` without any spread. */
  readonly interval: string
  /** `bits/byte`, `%`, `×` */
  readonly unit: string
  /** `240` */
  readonly n: string
}

/**
 * Show as many digits as the interval can carry: its half-width keeps two significant digits when they are
 * below 36 and one otherwise, and the value and both ends get as many decimals.
 *
 * Source: the Particle Data Group's rounding rule (Review of Particle Physics, Introduction, §5.3).
 */
export function estimateText(estimate: Extract<Estimate, { kind: 'estimate' }>): EstimateText {
  const factor = isPercent(estimate.unit) ? 100 : 1
  const unit = unitText(estimate.unit, estimate.value)
  const value = estimate.value * factor
  const low = estimate.interval.low * factor
  const high = estimate.interval.high * factor
  const n = formatNumber(estimate.n)
  if (estimate.interval.level === 1 && low === high)
    return { value: formatNumber(value), interval: 'exact', unit, n }
  // Every sample gave the same: that is no certainty, and a bracket of one number would look like one.
  if (low === high) return { value: formatNumber(value), interval: 'all alike', unit, n }
  const show = numberWriter(low, high, value)
  const { level } = estimate.interval
  const odds = level === DEFAULT_LEVEL ? '' : ` at ${formatNumber(level * 100)} %`
  return { value: show(value), interval: `[${show(low)}, ${show(high)}]${odds}`, unit, n }
}

function numberWriter(low: number, high: number, value: number): (x: number) => string {
  const halfWidth = (high - low) / 2
  if (!(halfWidth > 0)) return (x) => formatNumber(x)
  const power = Math.floor(Math.log10(halfWidth))
  const place = halfWidth / 10 ** power < TWO_DIGITS_BELOW ? power - 1 : power
  const size = Math.max(Math.abs(low), Math.abs(high), Math.abs(value))
  if (size >= LARGEST_PLAIN || size < SMALLEST_PLAIN) {
    const digits = Math.min(6, Math.max(2, Math.floor(Math.log10(size)) - place + 1))
    return (x) => (x === 0 ? '0' : scientific(x, digits))
  }
  const decimals = Math.min(10, Math.max(0, -place))
  return (x) => grouped(tidyZero(x.toFixed(decimals)))
}

function tidyZero(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** `1.023 bits/byte [1.012, 1.035] (n = 240)`, or `not measured: reason`. */
export function formatEstimate(estimate: Estimate): string {
  if (estimate.kind === 'notEstimable') return `not measured: ${estimate.reason}`
  const { value, interval, unit, n } = estimateText(estimate)
  const measured = joinUnit(value, unit)
  return interval.startsWith('[')
    ? `${measured} ${interval} (n = ${n})`
    : `${measured} (${interval}, n = ${n})`
}

const BOUND_SIGNS = { min: '≥', max: '≤', max_drop: 'drop ≤', max_relative_drop: 'drop ≤' } as const

/** `≥ 62 %`, `≤ 1.2 bits/byte`, `drop ≤ 5 % of the baseline`. */
export function boundText(bound: Pick<Threshold, 'kind' | 'value'>, measured: Estimate): string {
  const sign = BOUND_SIGNS[bound.kind]
  if (bound.kind === 'max_relative_drop')
    return `${sign} ${formatNumber(bound.value * 100)} % of the baseline`
  const unit = measured.kind === 'estimate' ? measured.unit : ''
  return `${sign} ${formatQuantity(bound.value, unit)}`
}
