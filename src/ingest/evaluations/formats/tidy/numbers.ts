import { asNumber } from '../../row.js'

/** A number that carries its own unit: the column's does not come on top. */
const OWN_UNIT = /\d\s*[kmbgt](?![a-z])/i
const DECIMAL_COMMA = /^[+-]?\d*,\d+(?:\s*[kmbgt%].*)?$/i
const CANNOT_BE_THOUSANDS = /^[+-]?(?:0?,\d+|\d+,(?:\d{1,2}|\d{4,}))(?:\s*[kmbgt%].*)?$/i
const DOTTED_THOUSANDS = /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/
const COMMA_THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3}){2,}(?:\.\d+)?$/
/** Typography of papers: bold, footnote marks, and the error behind a value. */
const EMPHASIS = /^\s*(?:\*\*|__|\\textbf\{)?\s*(.*?)\s*\}?(?:\*\*|__)?\s*[†‡*]*\s*$/s
const ERROR = /\s*(?:±|\+\/-|\\pm).*$/s

/** Whether decimals of a table stand behind a comma: some do that can be nothing else, and none behind a point. */
export function hasDecimalCommas(cells: Iterable<string>): boolean {
  let isSure = false
  for (const cell of cells) {
    const text = cell.trim()
    if (/^[+-]?\d*\.\d+$/.test(text) && !DOTTED_THOUSANDS.test(text)) return false
    isSure ||= DECIMAL_COMMA.test(text) && CANNOT_BE_THOUSANDS.test(text)
  }
  return isSure
}

/**
 * A cell as a number, or null: `1.4B`, `45.1 ± 0.3`, `**45.1**`, `6,900,000,000`; with decimal commas `0,45` and
 * `6.900.000.000`.
 *
 * @param factor what the column's unit multiplies a number by that carries none of its own
 */
export function numberOf(cell: unknown, factor: number, isComma: boolean): number | null {
  if (typeof cell !== 'string') {
    const value = asNumber(cell)
    return value === null ? null : value * factor
  }
  let text = (EMPHASIS.exec(cell)?.[1] ?? cell).replace(ERROR, '')
  if (isComma) text = (DOTTED_THOUSANDS.test(text) ? text.replaceAll('.', '') : text).replace(',', '.')
  else if (COMMA_THOUSANDS.test(text)) text = text.replaceAll(',', '')
  const value = asNumber(text)
  return value === null || OWN_UNIT.test(text) ? value : value * factor
}

const SIZE = /(?<![a-z0-9.])(?:(\d+)b(\d+)|(\d+(?:\.\d+)?)\s?([mb]))(?![a-z0-9])/gi

/**
 * The number of parameters that a model's name tells: `pythia-1.4b`, `opt-125m`, `bloom-7b1`; null where it tells none, or
 * two (`8x7b` tells of experts, not of a size).
 */
export function sizeInName(name: string): number | null {
  const found = [...name.matchAll(SIZE)].map(([, whole, tenths, number, unit]) =>
    whole === undefined
      ? Number(number) * (unit.toLowerCase() === 'b' ? 1e9 : 1e6)
      : Number(`${whole}.${tenths}`) * 1e9,
  )
  return found.length === 1 && found[0] > 0 ? found[0] : null
}
